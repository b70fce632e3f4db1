COVERED = 10
TIE = 1e-9


@ranking("cover")
def by_cover(similarity, asked, images):
    keys = class_keys(similarity, asked, images)
    rows = np.argsort(-keys, kind="stable")
    left = asked.astype(np.float64)
    free = np.ones(len(rows), dtype=bool)
    chosen = [rows[0]]
    while True:
        free[chosen[-1]] = False
        left = left * (1 - images[chosen[-1]].astype(np.float64))
        if len(chosen) == min(COVERED, len(rows)):
            break
        gains = np.where(free, expectations(left, images), -np.inf)
        best = np.flatnonzero(gains >= gains.max() - TIE)
        chosen.append(best[np.argmax(keys[best])])
    return np.concatenate([chosen, rows[free[rows]]])
