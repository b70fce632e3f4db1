import { IconTags } from '@tabler/icons-react';
import { useActions } from '../../workspace.tsx';
import { ExportRow } from './ExportRow.tsx';
import { SaveButton } from './SaveButton.tsx';
import { SplitChecks, useSplits } from './SplitChecks.tsx';

export function LabelsExport() {
  const { exportLabels } = useActions();
  const chosen = useSplits(['training', 'query', 'gallery']);
  const none = chosen.splits.length === 0;
  return (
    <ExportRow
      icon={<IconTags size={18} aria-hidden="true" />}
      title="Labels"
      text="The class of each image as it counts here, as labels.json of FiftyOne’s image classification data sets, or as COCO annotations with a box around the whole image."
      options={<SplitChecks {...chosen} />}
      buttons={
        <>
          <SaveButton disabled={none} onSave={() => exportLabels('fiftyone', chosen.splits)}>
            Save for FiftyOne
          </SaveButton>
          <SaveButton disabled={none} onSave={() => exportLabels('coco', chosen.splits)}>
            Save as COCO
          </SaveButton>
        </>
      }
    />
  );
}
