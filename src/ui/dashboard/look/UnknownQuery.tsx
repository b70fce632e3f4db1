import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Notice } from '../../components/Notice.tsx';
import { closeQuery } from './look-address.ts';

/** The address names a query that the chosen run was not asked, as after another split was chosen. */
export function UnknownQuery() {
  return (
    <Notice
      tone="warning"
      role="status"
      icon={<IconAlertTriangle size={20} aria-hidden="true" />}
      action={
        <Button size="xs" variant="default" onClick={closeQuery}>
          Dismiss
        </Button>
      }
    >
      The query in the address is not among the queries of this run. All of its queries are listed below.
    </Notice>
  );
}
