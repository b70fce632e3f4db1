/** What a batch of logits says about its labels. */
export interface CrossEntropy {
  /** Summed over the batch. */
  readonly loss: number;
  /** [classes, n]: the derivative of the batch's mean loss by each logit. */
  readonly gradient: Float32Array<ArrayBuffer>;
}

/**
 * Softmax cross-entropy of `logits` [classes, n], an image a column, against `labels` [n]. With label smoothing s the
 * target is 1 − s + s/classes for the label and s/classes for the others (Szegedy et al. 2016, as torch has it).
 */
export function crossEntropy(logits: Float32Array, labels: Int32Array, smoothing: number): CrossEntropy {
  const n = labels.length;
  const classes = logits.length / n;
  const gradient = new Float32Array(logits.length);
  const even = smoothing / classes;
  let loss = 0;
  for (let column = 0; column < n; column++) {
    let highest = Number.NEGATIVE_INFINITY;
    for (let i = column; i < logits.length; i += n) highest = Math.max(highest, logits[i] as number);
    let sum = 0;
    let total = 0;
    for (let i = column; i < logits.length; i += n) {
      sum += Math.exp((logits[i] as number) - highest);
      total += logits[i] as number;
    }
    const logSum = highest + Math.log(sum);
    const labelled = (labels[column] as number) * n + column;
    loss += logSum - (1 - smoothing) * (logits[labelled] as number) - even * total;
    for (let i = column; i < logits.length; i += n) {
      const target = (i === labelled ? 1 - smoothing : 0) + even;
      gradient[i] = (Math.exp((logits[i] as number) - logSum) - target) / n;
    }
  }
  return { loss, gradient };
}

/** How many columns of `logits` [classes, n] have their highest value at their label; of equals, the first class counts. */
export function countCorrect(logits: Float32Array, labels: Int32Array): number {
  const n = labels.length;
  let correct = 0;
  for (let column = 0; column < n; column++) {
    let best = column;
    for (let i = column; i < logits.length; i += n) if ((logits[i] as number) > (logits[best] as number)) best = i;
    if (best === (labels[column] as number) * n + column) correct++;
  }
  return correct;
}
