import { expect, it } from 'vitest';
import { formatModel, parseModel } from '../../../src/heads/member.ts';

it('reads the members of a name', () => {
  expect(parseModel('resnet50', 'frozen')).toEqual([{ backbone: 'resnet50', head: 'frozen' }]);
  expect(parseModel('resnet50+resnet50:frozen', 'finetuned')).toEqual([
    { backbone: 'resnet50', head: 'finetuned' },
    { backbone: 'resnet50', head: 'frozen' },
  ]);
  expect(parseModel('colour-gradient + vit_base_patch16_224:finetuned', 'frozen')).toEqual([
    { backbone: 'colour-gradient', head: 'frozen' },
    { backbone: 'vit_base_patch16_224', head: 'finetuned' },
  ]);
});

it.each(['resnet50', 'resnet50+deit_tiny_patch16_224', 'resnet50+resnet50:frozen'])(
  'writes %s as it was read',
  (name) => {
    expect(formatModel(parseModel(name, 'finetuned'), 'finetuned')).toBe(name);
  },
);

it.each([
  ['', /no backbone ""/],
  ['resnet50+', /no backbone ""/],
  ['resnet51', /no backbone "resnet51"; the nearest names are resnet50, /],
  ['nonsense', /no backbone "nonsense"; the models screen lists all names, and so does --help/],
  ['ResNet-50', /the nearest names are resnet50, /],
  ['__proto__', /no backbone/],
  ['resnet50:tuned', /may end in/],
  ['resnet50:frozen:frozen', /may end in/],
  ['resnet50+resnet50', /"resnet50" is named twice/],
  ['resnet50:finetuned+resnet50', /"resnet50" is named twice/],
])('refuses "%s"', (name, reason) => {
  expect(() => parseModel(name, 'finetuned')).toThrow(reason);
});
