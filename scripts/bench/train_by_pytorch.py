"""Epochs of head training as one writes them in PyTorch (cosine classifier, Adam, batches of 64), with all its threads.

Arguments: rows, dimensions, classes, epochs. Writes milliseconds of every epoch after the first, which warms up."""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

rows, dimensions, classes, epochs = map(int, sys.argv[1:])
BATCH, WIDTH, SCALE, RATE = 64, 512, 8, 1e-4
torch.manual_seed(0)
x = torch.randn(rows, dimensions)
labels = torch.arange(rows) % classes
# Seven tenths are learned from; of the others, a third asks the rest.
fit, gallery = int(0.7 * rows), int(0.9 * rows)
projection = nn.Linear(dimensions, WIDTH)
classifier = nn.Parameter(torch.randn(classes, WIDTH) / WIDTH**0.5)
adam = torch.optim.Adam([*projection.parameters(), classifier], lr=RATE)


def logits(z):
    return SCALE * z @ F.normalize(classifier).T


def epoch():
    order = torch.randperm(fit)
    for begin in range(0, fit, BATCH):
        chosen = order[begin : begin + BATCH]
        loss = F.cross_entropy(logits(F.normalize(projection(x[chosen]))), labels[chosen])
        adam.zero_grad()
        loss.backward()
        adam.step()
        loss.item()
    with torch.no_grad():
        z = F.normalize(projection(x[fit:]))
        F.cross_entropy(logits(z), labels[fit:]).item()
        (z[gallery - fit :] @ z[: gallery - fit].T).topk(10)


times = []
for _ in range(epochs + 1):
    start = time.perf_counter()
    epoch()
    times.append(1000 * (time.perf_counter() - start))
json.dump({"version": torch.__version__, "threads": torch.get_num_threads(), "times": times[1:]}, sys.stdout)
