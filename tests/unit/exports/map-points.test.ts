import { expect, it } from 'vitest';
import { mapPointsCsv } from '../../../src/exports/map-points.ts';

it('writes a row a point, with hostile names as text', () => {
  const csv = mapPointsCsv([
    { split: 'query', file: 'a,b.jpg', className: '=1+1', x: -1.5, y: 2 },
    { split: 'training', file: 'say "hi".jpg', className: null, x: 0, y: 1e-7 },
  ]);
  expect(csv).toBe('file,class,split,x,y\r\n"a,b.jpg",\'=1+1,query,-1.5,2\r\n"say ""hi"".jpg",,training,0,1e-7\r\n');
});
