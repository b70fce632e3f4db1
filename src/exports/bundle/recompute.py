#!/usr/bin/env python3
"""Recomputes every figure of results.json from the embeddings of this bundle, with NumPy alone (Python 3.8 or later).

    python3 recompute.py [folder] [--exact]

Prints each figure as it was exported and as it comes out here, and their difference. Ends with status 1 where one
differs by more than 1e-6 (or a number of queries differs at all), else with 0.

Similarity is the inner product of two unit vectors: products and sum in float64, rounded to float32 once. Neighbours
are sorted by falling similarity, equals by their order in the gallery. A query counts when its label is known and the
gallery has images of its class. The metrics of these are listed below, each by the value of one query and how the values become one figure.

A run's `rank` orders the gallery: `plain` by similarity; `class` by similarity + 0.25 times the sum over the classes of
p(c | query) p(c | image), where p is the mean of the members' softmax(scale * cosines), of the cosines in *.classes.npy: in a row, one member's
classes after the other's, and a scale each in `scales`; `cover` starts as
`class`, chooses each next image up to the tenth by the probability that it is the first of the query's class, and goes on
as `class`. Where a run's `open` is true, posteriors fade for images whose best cosine is near `floor` or below. Of galleries
with more than 2^23 posteriors, the first 1,000 by similarity are ranked so, and the others follow by similarity.

NumPy adds the products in an order of its own, so that a similarity may differ in its last bit and two nearly equal
neighbours change places. With --exact (and by itself for a split that differs) products are added from the first
dimension to the last, as the app does: slower, and bit-identical.
"""

import argparse
import json
import os
import sys

import numpy as np

# Key, aggregate, and the value of one query: `right` is its whole ranking (True where an image is of its class), `first`
# the rank of the first such image, from 1, `r` the number of such images in the gallery.
METRICS = []

FADING = 0.1
RANKED_WHOLE = 2**23
CANDIDATES = 1000

TOLERANCE = 1e-6
BLOCK = 256


def read_json(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return json.load(file)


def similarities(query, gallery, exact):
    """[q, d] and [g, d] float32 -> [q, g] float32."""
    query = query.astype(np.float64)
    gallery = gallery.astype(np.float64)
    if not exact:
        return (query @ gallery.T).astype(np.float32)
    total = np.zeros((len(query), len(gallery)))
    columns = np.ascontiguousarray(gallery.T)
    for dimension in range(query.shape[1]):
        total += query[:, dimension, None] * columns[dimension]
    return total.astype(np.float32)


def posteriors(cosines, posterior):
    """[n, members * classes] float32 cosines -> [n, classes] float32 probabilities, as the app keeps them."""
    scales = posterior["scales"]
    cosines = cosines.astype(np.float64).reshape(len(cosines), len(scales), -1)
    known = np.zeros((len(cosines), cosines.shape[2]))
    for scale, own in zip(scales, np.swapaxes(cosines, 0, 1)):
        weights = np.exp(scale * (own - own.max(axis=1, keepdims=True)))
        known += weights / weights.sum(axis=1, keepdims=True)
    known /= len(scales)
    if posterior["open"]:
        best = cosines.mean(axis=1).astype(np.float32).astype(np.float64).max(axis=1, keepdims=True)
        known *= np.clip((best - posterior["floor"]) / FADING, 0, 1).astype(np.float32)
    return known.astype(np.float32)


def expectations(weights, images):
    """Sum over the classes of weights [classes] times images [n, classes], added in the app's order."""
    parts = [np.zeros(len(images)) for _ in range(4)]
    whole = len(weights) - len(weights) % 4
    for c in range(len(weights)):
        parts[c % 4 if c < whole else 0] += float(weights[c]) * images[:, c].astype(np.float64)
    return parts[0] + parts[1] + (parts[2] + parts[3])


RANKINGS = {}


def ranking(name):
    """What follows orders one query's gallery: similarity [n], asked [classes], images [n, classes] -> rows, best first."""

    def put(function):
        RANKINGS[name] = function
        return function

    return put


# The other rankings are written here.


def orders(similarity, asked, images, rank):
    """[q, g] similarities -> [q, g] rows, best first. Of a ranking that uses no classes, posteriors have no columns."""
    plain = np.argsort(-similarity, axis=1, kind="stable")
    if rank == "plain":
        return plain
    whole = images.size <= RANKED_WHOLE
    order = np.empty_like(plain)
    for i, row in enumerate(plain):
        candidates = np.arange(len(row)) if whole else np.sort(row[:CANDIDATES])
        first = candidates[RANKINGS[rank](similarity[i, candidates], asked[i], images[candidates])]
        order[i] = np.concatenate([first, row[len(first) :]])
    return order


def others(similarity, asked, images, rank, own):
    """As orders, where query i is itself the gallery's row own[i]: [q, g - 1] rows without it."""
    order = []
    for i, row in enumerate(own):
        kept = np.flatnonzero(np.arange(similarity.shape[1]) != row)
        order.append(kept[orders(similarity[i : i + 1, kept], asked[i : i + 1], images[kept], rank)[0]])
    return np.array(order)


def evaluate(query, gallery, query_labels, gallery_labels, exact, rank, query_classes, gallery_classes, own):
    """The figures of one run on one split. Labels are class names, None where unknown; own as in others, or None."""
    codes = {}
    number = lambda name: -1 if name is None else codes.setdefault(name, len(codes))
    asked = np.array([number(name) for name in query_labels], dtype=np.int64)
    searched = np.array([number(name) for name in gallery_labels], dtype=np.int64)
    relevant = np.array([int(np.sum(searched == label)) if label >= 0 else 0 for label in asked], dtype=np.int64)
    if own is not None:
        relevant = np.where(relevant > 0, relevant - 1, 0)
    counted = np.flatnonzero(relevant > 0)
    values = {key: [] for key, _, _ in METRICS}
    for start in range(0, len(counted), BLOCK):
        rows = counted[start : start + BLOCK]
        known = query_classes[rows]
        similarity = similarities(query[rows], gallery, exact)
        if own is None:
            order = orders(similarity, known, gallery_classes, rank)
        else:
            order = others(similarity, known, gallery_classes, rank, own[rows])
        for right, r in zip(searched[order] == asked[rows, None], relevant[rows]):
            for key, _, value in METRICS:
                values[key].append(float(value(right, int(np.argmax(right)) + 1, int(r))))
    figures = {"queries": len(counted), "skipped": len(asked) - len(counted)}
    for key, aggregate, _ in METRICS:
        figures[key] = float(aggregate(values[key])) if values[key] else 0.0
    return figures


def expected(scores):
    """What was exported; results of earlier versions of the app have fewer metrics."""
    figures = {"queries": scores["queries"], "skipped": scores["skipped"]}
    for key, score in scores["metrics"].items():
        if score is not None and score["value"] is not None:
            figures[key] = score["value"]
    return figures


def worst(found, wanted):
    return max(abs(found[name] - wanted[name]) for name in wanted)


def check(folder, run, split, images, exact):
    """Prints one run's figures on one split; whether all of them agree."""
    wanted = expected(run[split])
    rows = read_json(folder, "runs", run["folder"], "rows.json")[split]
    load = lambda part: np.load(os.path.join(folder, "runs", run["folder"], split + "." + part + ".npy"))
    query, gallery = load("query"), load("gallery")
    label = lambda part: [images[row]["class"] for row in rows[part]]
    given = (query, gallery, label("query"), label("gallery"))
    if len(query) != len(rows["query"]) or len(gallery) != len(rows["gallery"]):
        print("  the matrices have not as many rows as rows.json lists images")
        return False
    rank = run.get("rank", "plain")
    if run.get("posterior"):
        known = [posteriors(load(part + ".classes"), run["posterior"]) for part in ("query", "gallery")]
    else:
        known = [np.zeros((len(part), 0), dtype=np.float32) for part in (query, gallery)]
    places = {image: row for row, image in enumerate(rows["gallery"])}
    within = len(rows["query"]) > 0 and all(image in places for image in rows["query"])
    own = np.array([places[image] for image in rows["query"]]) if within else None
    found = evaluate(*given, exact, rank, *known, own)
    if not exact and worst(found, wanted) > TOLERANCE:
        found = evaluate(*given, True, rank, *known, own)
    for name, value in wanted.items():
        difference = abs(found[name] - value)
        mark = "" if difference <= TOLERANCE else "   DIFFERS"
        print("  %-12s exported %-20r recomputed %-20r difference %.1e%s" % (name, value, found[name], difference, mark))
    return worst(found, wanted) <= TOLERANCE


def main():
    parser = argparse.ArgumentParser(description="Recomputes the results of this bundle from its embeddings.")
    parser.add_argument("folder", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument("--exact", action="store_true", help="add in the app's own order (slower)")
    chosen = parser.parse_args()
    images = read_json(chosen.folder, "images.json")
    compared = differing = 0
    for run in read_json(chosen.folder, "results.json")["runs"]:
        for split in ("test", "validation"):
            if run[split] is None:
                continue
            print("%s, %s" % (run["folder"], split))
            compared += 1
            differing += not check(chosen.folder, run, split, images, chosen.exact)
    if compared == 0:
        print("Nothing to recompute: no run of this bundle was scored.")
    elif differing:
        print("%d of %d tables differ by more than %g." % (differing, compared, TOLERANCE))
    else:
        agree = "The table agrees" if compared == 1 else "All %d tables agree" % compared
        print("%s within %g." % (agree, TOLERANCE))
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
