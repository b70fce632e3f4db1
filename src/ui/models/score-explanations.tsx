import { Explain } from '../components/Explain.tsx';

export function TopKExplanation() {
  return (
    <Explain term="top-k accuracy">
      <p>
        Top-k accuracy: the share of queries with at least one gallery image of the same class among the first k, in per
        cent. Papers also call it hit@k, Recall@k or CMC@k.
      </p>
      <p>
        In brackets: the 95 % bootstrap interval over the queries. Models whose intervals overlap may be equally good.
      </p>
    </Explain>
  );
}

export function MapExplanation() {
  return (
    <Explain term="mAP@R">
      <p>
        Mean average precision at R, in per cent: R is the number of gallery images of the query’s class. It is 100 only
        where all of them come before every other image.
      </p>
    </Explain>
  );
}
