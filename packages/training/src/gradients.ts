// oxlint-disable-next-line import/no-unassigned-import -- loading it registers the gradients of all operations
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
