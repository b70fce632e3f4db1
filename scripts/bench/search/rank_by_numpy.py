"""Exact rankings by NumPy: product, partition, order. Reads two float32 files, writes milliseconds of each repetition."""

import json
import sys
import time

import numpy as np

gallery_file, queries_file, dimensions, k, repetitions = sys.argv[1:]
gallery = np.fromfile(gallery_file, dtype=np.float32).reshape(-1, int(dimensions))
queries = np.fromfile(queries_file, dtype=np.float32).reshape(-1, int(dimensions))
k = int(k)


def rank():
    similarities = queries @ gallery.T
    best = np.argpartition(-similarities, k, axis=1)[:, :k]
    values = np.take_along_axis(similarities, best, axis=1)
    return np.take_along_axis(best, np.argsort(-values, axis=1, kind="stable"), axis=1)


rank()
times = []
processor_times = []
for _ in range(int(repetitions)):
    start, used = time.perf_counter(), time.process_time()
    rank()
    times.append(1000 * (time.perf_counter() - start))
    processor_times.append(1000 * (time.process_time() - used))
json.dump({"version": np.__version__, "times": times, "processorTimes": processor_times}, sys.stdout)
