"""Keras 3 on TensorFlow: `fit` to train, and `predict_on_batch`, which calls one compiled function."""

import os

from peer import NETWORKS, THREADS, read, serve, weight_shapes

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

tf.config.threading.set_intra_op_parallelism_threads(THREADS)
tf.config.threading.set_inter_op_parallelism_threads(THREADS)


def make_layer(layer):
    if layer["kind"] == "convolution":
        return keras.layers.Conv2D(layer["filters"], 3, activation="relu")
    if layer["kind"] == "pooling":
        return keras.layers.MaxPooling2D(2)
    if layer["kind"] == "flatten":
        return keras.layers.Flatten()
    return keras.layers.Dense(layer["units"], activation=layer["activation"])


def build_model(name):
    network = NETWORKS[name]
    model = keras.Sequential([keras.Input(network["input"]), *map(make_layer, network["layers"])])
    values = np.frombuffer(read(f"{name}-weights.f32"), np.float32)
    shapes = weight_shapes(network)
    ends = np.cumsum([np.prod(shape) for shape in shapes])
    model.set_weights([part.reshape(shape) for part, shape in zip(np.split(values, ends[:-1]), shapes)])
    return model


def build(name, kind, batch_size):
    network = NETWORKS[name]
    model = build_model(name)
    images = np.frombuffer(read(f"{network['images']}-images.f32"), np.float32).reshape(-1, *network["input"])
    labels = np.frombuffer(read(f"{network['images']}-labels.i32"), np.int32)
    if kind == "predict":
        batch = images[:batch_size]

        def predict(times):
            for _ in range(times):
                probabilities = model.predict_on_batch(batch)
            return probabilities.ravel()

        return model.count_params(), predict

    optimizer = keras.optimizers.Adam() if network["optimizer"] == "adam" else keras.optimizers.RMSprop()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=network["logits"])
    model.compile(optimizer, loss)
    batch_count = len(labels) // batch_size
    position = 0

    def train(times):
        nonlocal position
        total = 0
        done = 0
        while done < times:
            count = min(times - done, batch_count - position)
            part = slice(position * batch_size, (position + count) * batch_size)
            history = model.fit(images[part], labels[part], batch_size, shuffle=False, verbose=0)
            total += history.history["loss"][0] * count
            position = (position + count) % batch_count
            done += count
        return total / times

    return model.count_params(), train


serve({"keras": keras.__version__, "tensorflow": tf.__version__}, build)
