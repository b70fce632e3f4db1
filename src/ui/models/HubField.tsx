import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useId, useState } from 'react';
import type { HubEntry } from '../../app/models/models.ts';
import { formatBytes, formatCount, formatMillions, formatSentence } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { Limits } from './cells.tsx';
import styles from './models.module.css';

type Answer =
  | { readonly kind: 'found'; readonly entry: HubEntry }
  | { readonly kind: 'asking' }
  | { readonly kind: 'listed'; readonly id: string }
  | { readonly kind: 'failed'; readonly message: string };

/** Any other set of the hub: looked up on the user's press, described, then listed. */
export function HubField() {
  const { lookUpWeights } = useActions();
  const [text, setText] = useState('');
  const [answer, setAnswer] = useState<Answer | null>(null);
  const answerId = useId();

  async function ask(event: FormEvent) {
    event.preventDefault();
    setAnswer({ kind: 'asking' });
    try {
      setAnswer({ kind: 'found', entry: await lookUpWeights(text) });
    } catch (error) {
      setAnswer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }

  return (
    <form className={styles.form} onSubmit={(event) => void ask(event)}>
      <TextInput
        className={styles.field}
        size="sm"
        label="Any other weights of the Hugging Face hub"
        description="Nothing is downloaded before you have seen what it is."
        placeholder="timm/resnet50.a1_in1k, or the address of its page"
        value={text}
        maxLength={300}
        aria-describedby={answerId}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button
        type="submit"
        size="sm"
        variant="default"
        disabled={text.trim() === ''}
        loading={answer?.kind === 'asking'}
      >
        Look up
      </Button>
      <div id={answerId} role="status" className={styles.answer}>
        {answer?.kind === 'failed' ? <p>{formatSentence(answer.message)}</p> : null}
        {answer?.kind === 'listed' ? <p>{answer.id} is in the list now: tick it, or download it ahead.</p> : null}
        {answer?.kind === 'found' ? (
          <Found
            entry={answer.entry}
            onListed={(id) => {
              setText('');
              setAnswer({ kind: 'listed', id });
            }}
          />
        ) : null}
      </div>
    </form>
  );
}

interface FoundProps {
  readonly entry: HubEntry;
  readonly onListed: (id: string) => void;
}

/** What the repository holds, whether it can run, what its licence forbids; and the button that lists it. */
function Found({ entry: { repository, bytes, licence, limits, runs, problem }, onListed }: FoundProps) {
  const { offerWeights } = useActions();
  const listed = useStore(useWorkspace().models, ({ rows }) => rows.some((row) => row.weights.id === runs?.weights.id));
  const terms = `${licence === null ? 'Its licence' : `Its licence, ${licence},`} `;
  const about =
    limits === null ? (
      <p>{terms}asks for no more than to name the authors.</p>
    ) : (
      <Limits>{`${terms}${limits}.`}</Limits>
    );
  if (runs === null) {
    return (
      <>
        <p>
          {repository} cannot be used: {problem}
        </p>
        {about}
      </>
    );
  }
  const { weights, parameters, sizes, note } = runs;
  const facts = [
    `${weights.label}: ${formatMillions(parameters)} parameters`,
    `${formatCount(weights.features)} features`,
    `images of ${sizes.map(({ size }) => size).join(' or ')} pixels`,
    bytes === null ? 'size unknown' : `${formatBytes(bytes)} to download`,
  ];
  return (
    <>
      <p>
        {facts.join(', ')}. It can run here. {note}
      </p>
      {about}
      {listed ? (
        <p>{weights.id} is in the list already.</p>
      ) : (
        <Button size="xs" onClick={() => void offerWeights(weights).then(() => onListed(weights.id))}>
          Add {weights.id} to the list
        </Button>
      )}
    </>
  );
}
