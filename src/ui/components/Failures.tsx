import { ActionIcon, Button } from '@mantine/core';
import { IconAlertTriangle, IconX } from '@tabler/icons-react';
import { jobs, type Screen } from '../../app/jobs/jobs.ts';
import { formatSentence } from '../format.ts';
import { sameEntries, useStore } from '../use-store.ts';
import { Notice } from './Notice.tsx';

/** The failures of one screen, where they happened, and what concerns every screen, until they are dismissed. */
export function Failures({ screen }: { readonly screen: Screen }) {
  const failures = useStore(
    jobs.store,
    (state) => state.failures.filter((failure) => failure.screen === screen || failure.screen === null),
    sameEntries,
  );
  return failures.map((failure) => (
    <Notice
      key={failure.id}
      tone={failure.tone}
      role={failure.tone === 'wrong' ? 'alert' : 'status'}
      icon={<IconAlertTriangle size={20} aria-hidden="true" />}
      action={
        <>
          {failure.remedy === null ? null : (
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                jobs.dismiss(failure.id);
                failure.remedy?.run();
              }}
            >
              {formatSentence(failure.remedy.label)}
            </Button>
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="Dismiss this message"
            onClick={() => jobs.dismiss(failure.id)}
          >
            <IconX size={16} aria-hidden="true" />
          </ActionIcon>
        </>
      }
    >
      {formatSentence(failure.message)}
    </Notice>
  ));
}
