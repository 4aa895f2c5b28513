// Registers the gradient of every tfjs operation as it loads.
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
