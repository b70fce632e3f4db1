WEIGHT = 0.25


def class_keys(similarity, asked, images):
    return similarity.astype(np.float64) + WEIGHT * expectations(asked, images)


@ranking("class")
def by_class(similarity, asked, images):
    return np.argsort(-class_keys(similarity, asked, images), kind="stable")
