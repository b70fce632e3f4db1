"""Heads trained by PyTorch, by the recipe and on the features of `npm run evaluate`, for docs/accuracy.md.

Arguments: folder of features (`--features`), ground truth (JSON), backbones joined by +, cosine or linear, refit or no-refit,
number of seeds. Random numbers are PyTorch's: heads are other heads, from the same distribution."""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

folder, truth_file, names, classifier, refit, seeds = sys.argv[1:]
folder, models, refit, seeds = Path(folder), names.split("+"), refit == "refit", int(seeds)
truth = json.loads(Path(truth_file).read_text())
WIDTH, BATCH, PATIENCE, SCALE, STD_FLOOR = 512, 64, 10, 8, 0.1
EPOCHS, RATE = (200, 1e-4) if classifier == "cosine" else (100, 1e-3)


def read(model, split):
    files = json.loads((folder / f"{model}.{split}.json").read_text())
    classes = [file.split("/")[0] if split == "training" else truth[split][file] for file in files]
    labels = np.array([c if isinstance(c, int) else truth["classes"].index(c) for c in classes])
    return np.load(folder / f"{model}.{split}.npy"), labels


def split_rows(labels, seed):
    """Stratified: 20 % validation gallery, 10 % validation query, the rest is fitted."""
    random = np.random.default_rng([seed, 77])
    fit, rest = [], []
    for label in np.unique(labels):
        rows = random.permutation(np.flatnonzero(labels == label))
        gallery = max(1, round(0.2 * len(rows)))
        end = gallery + max(1, round(0.1 * len(rows)))
        fit.extend(rows[end:])
        rest.extend(rows[:end])
    return np.array(fit), np.array(rest)


def fitted(features, labels, rows, validation, epochs, seed):
    """(weight, bias) of the projection of raw features, and the epoch they are of: the best, or the last without validation."""
    mean, std = features[rows].mean(0), features[rows].std(0)
    std = np.maximum(std, STD_FLOOR * std.mean())
    x, y = torch.from_numpy((features - mean) / std).float(), torch.from_numpy(labels)
    # The class directions come first, so that they are one seed's for every backbone, as in src/heads/parameters.ts.
    torch.manual_seed(seed)
    classes = torch.nn.Linear(WIDTH, labels.max() + 1, bias=classifier == "linear")
    projection = torch.nn.Linear(features.shape[1], WIDTH)
    adam = torch.optim.Adam([*projection.parameters(), *classes.parameters()], lr=RATE)

    def loss_of(chosen):
        z = projection(x[chosen])
        logits = classes(z) if classifier == "linear" else SCALE * F.normalize(z) @ F.normalize(classes.weight).T
        return F.cross_entropy(logits, y[chosen])

    order = torch.Generator().manual_seed(seed)
    best = (np.inf, 0, None)
    for epoch in range(1, epochs + 1):
        for chosen in torch.from_numpy(rows)[torch.randperm(len(rows), generator=order)].split(BATCH):
            adam.zero_grad()
            loss_of(chosen).backward()
            adam.step()
        with torch.no_grad():
            loss = loss_of(validation).item() if validation is not None else -epoch
        if loss < best[0]:
            best = (loss, epoch, [p.detach().numpy().copy() for p in projection.parameters()])
        if epoch - best[1] >= PATIENCE:
            break
    weight, bias = best[2]
    return weight / std, bias - weight @ (mean / std), best[1]


def head(features, labels, seed):
    fit, rest = split_rows(labels, seed)
    weight, bias, epoch = fitted(features, labels, fit, rest, EPOCHS, seed)
    return fitted(features, labels, np.arange(len(labels)), None, epoch, seed)[:2] if refit else (weight, bias)


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def metrics(gallery, queries, gallery_labels, query_labels):
    """Percent: top-1, top-5, top-10, mAP@R."""
    ranked = np.argsort(-(queries @ gallery.T), axis=1, kind="stable")
    hits = gallery_labels[ranked] == query_labels[:, None]
    precisions = []
    for row, label in zip(hits, query_labels):
        relevant = (gallery_labels == label).sum()
        found = row[:relevant]
        precisions.append((np.cumsum(found) / np.arange(1, relevant + 1) * found).sum() / relevant)
    return [100 * hits[:, :k].any(1).mean() for k in (1, 5, 10)] + [100 * np.mean(precisions)]


data = {model: [read(model, split) for split in ("training", "query", "gallery")] for model in models}
results = {}
for seed in range(seeds):
    embedded = []
    for model in models:
        (features, labels), *others = data[model]
        weight, bias = head(features, labels, seed)
        embedded.append([unit(rows @ weight.T + bias) for rows, _ in others])
    (_, query_labels), (_, gallery_labels) = data[models[0]][1:]
    ways = {model: own for model, own in zip(models, embedded)}
    if len(models) > 1:
        ways["mean"] = [unit(sum(own)) for own in zip(*embedded)]
        ways["concat"] = [np.concatenate(own, axis=1) for own in zip(*embedded)]
    for name, (queries, gallery) in ways.items():
        results.setdefault(name, []).append(metrics(gallery, queries, gallery_labels, query_labels))
for name, rows in results.items():
    mean, deviation = np.mean(rows, axis=0), np.std(rows, axis=0, ddof=1) if seeds > 1 else np.zeros(4)
    print(name, " ".join(f"{m:.1f} ± {d:.1f}" for m, d in zip(mean, deviation)), "(top-1, top-5, top-10, mAP@R)")
