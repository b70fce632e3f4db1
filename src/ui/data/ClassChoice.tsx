import { Button, TextInput, UnstyledButton } from '@mantine/core';
import { type FormEvent, useMemo, useState } from 'react';
import { compareNames, nameKey } from '../../names.ts';
import { Name } from '../components/Name.tsx';
import { formatCount } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './decisions.module.css';

/** More of them are found by typing. */
const MOST_SHOWN = 60;
const LONGEST_NAME = 200;

interface ClassChoiceProps {
  /** Paths of the images. */
  readonly paths: readonly string[];
  /** The model among whose clusters the images were chosen together; null where they were chosen otherwise. */
  readonly clusteredBy?: string | null;
  readonly onDone: () => void;
}

/** Gives images a class that there is, a new one, or none; it can be undone. */
export function ClassChoice({ paths, clusteredBy = null, onDone }: ClassChoiceProps) {
  const { decide } = useActions();
  const dataset = useStore(useWorkspace().dataset, (state) => state.dataset);
  const [text, setText] = useState('');
  const classes = useMemo(() => [...(dataset?.classes ?? [])].sort(compareNames), [dataset]);
  const typed = text.trim();
  const found = useMemo(() => {
    const wanted = nameKey(typed).toLocaleLowerCase();
    return classes.filter((name) => nameKey(name).toLocaleLowerCase().includes(wanted));
  }, [classes, typed]);
  const known = classes.find((name) => nameKey(name) === nameKey(typed));

  const give = (className: string | null): void => {
    void decide({ kind: 'class', paths, className, ...(clusteredBy === null ? {} : { clusteredBy }) });
    onDone();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    // The first entry of the list is not what was typed: only an exact match is used.
    if (typed !== '') give(known ?? typed);
  };
  return (
    <form className={styles.choice} onSubmit={submit}>
      <TextInput
        size="xs"
        data-autofocus
        // A choice opens with a press: who asked for it goes on typing.
        autoFocus
        aria-label="Class"
        placeholder="Find a class, or name a new one"
        maxLength={LONGEST_NAME}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {typed !== '' && known === undefined ? (
        <Button type="submit" size="xs" fullWidth>
          <span className={styles.new}>
            New class “<bdi>{typed}</bdi>”
          </span>
        </Button>
      ) : null}
      {found.length === 0 ? null : (
        <ul className={styles.list} aria-label="Classes">
          {found.slice(0, MOST_SHOWN).map((name) => (
            <li key={name}>
              <UnstyledButton className={styles.entry} onClick={() => give(name)}>
                <Name>{name}</Name>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
      {found.length > MOST_SHOWN ? (
        <p className={styles.note}>{formatCount(found.length - MOST_SHOWN)} more: type a part of the name.</p>
      ) : null}
      <Button variant="default" size="xs" fullWidth onClick={() => give(null)}>
        No class
      </Button>
      <Button
        variant="subtle"
        size="xs"
        fullWidth
        onClick={() => {
          void decide({ kind: 'no-own-class', paths });
          onDone();
        }}
      >
        As folder or table say
      </Button>
    </form>
  );
}
