"""An epoch of head training in NumPy, step by step what src/heads does (cosine classifier, Adam, batches of 64).

Arguments: rows, dimensions, classes, epochs. Writes milliseconds of every epoch."""

import json
import sys
import time

import numpy as np

rows, dimensions, classes, epochs = map(int, sys.argv[1:])
BATCH, WIDTH, SCALE, RATE = 64, 512, np.float32(8), np.float32(1e-4)
random = np.random.default_rng(0)
x = random.standard_normal((rows, dimensions), dtype=np.float32)
labels = np.arange(rows) % classes
# Seven tenths are learned from; of the others, a third asks the rest.
fit, gallery = int(0.7 * rows), int(0.9 * rows)
weights = [
    random.standard_normal((dimensions, WIDTH), dtype=np.float32) / np.float32(dimensions**0.5),
    np.zeros(WIDTH, dtype=np.float32),
    random.standard_normal((WIDTH, classes), dtype=np.float32),
]
moments = [[np.zeros_like(w), np.zeros_like(w)] for w in weights]
steps = 0


def unit(a, axis):
    length = np.sqrt((a * a).sum(axis=axis, keepdims=True)) + np.float32(1e-12)
    return a / length, length


def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def step(batch, classes_of):
    global steps
    steps += 1
    projection, bias, classifier = weights
    z, z_length = unit(batch @ projection + bias, 1)
    c, c_length = unit(classifier, 0)
    wrong = softmax(SCALE * (z @ c))
    wrong[np.arange(len(batch)), classes_of] -= 1
    wrong *= SCALE / np.float32(len(batch))
    dz, dc = wrong @ c.T, z.T @ wrong
    dz = (dz - z * (z * dz).sum(axis=1, keepdims=True)) / z_length
    dc = (dc - c * (c * dc).sum(axis=0, keepdims=True)) / c_length
    first, second = 1 - 0.9**steps, 1 - 0.999**steps
    for w, (m, s), gradient in zip(weights, moments, (batch.T @ dz, dz.sum(axis=0), dc)):
        m *= np.float32(0.9)
        m += np.float32(0.1) * gradient
        s *= np.float32(0.999)
        s += np.float32(0.001) * gradient * gradient
        w -= RATE * (m / np.float32(first)) / (np.sqrt(s / np.float32(second)) + np.float32(1e-8))


def validate():
    projection, bias, classifier = weights
    z, _ = unit(x[fit:] @ projection + bias, 1)
    shares = softmax(SCALE * (z @ unit(classifier, 0)[0]))
    loss = -np.log(shares[np.arange(len(z)), labels[fit:]]).mean()
    similarities = z[gallery - fit :] @ z[: gallery - fit].T
    return loss, np.argpartition(-similarities, 10, axis=1)[:, :10]


times = []
for epoch in range(epochs + 1):
    start = time.perf_counter()
    order = random.permutation(fit)
    for begin in range(0, fit, BATCH):
        chosen = order[begin : begin + BATCH]
        step(x[chosen], labels[chosen])
    validate()
    # The first epoch warms up.
    if epoch > 0:
        times.append(1000 * (time.perf_counter() - start))
json.dump({"version": np.__version__, "times": times}, sys.stdout)
