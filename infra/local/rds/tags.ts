import type { Tag } from '@aws-sdk/client-rds';
import type { Operation, RdsAccount } from './account.ts';
import { RdsError } from './answer.ts';
import { needText, type Parameters, readList, readTags } from './parameters.ts';

/** Tags of instances and snapshots, by their ARNs. */
export const TAG_OPERATIONS: readonly Operation[] = [
  {
    name: 'ListTagsForResource',
    answer: (account, parameters) => ({ TagList: find(account, parameters).TagList ?? [] }),
  },
  {
    name: 'AddTagsToResource',
    answer: (account, parameters) => {
      const tags = readTags(parameters);
      replaceTags(account, parameters, (one) => !tags.some(({ Key }) => Key === one.Key), tags);
      return {};
    },
  },
  {
    name: 'RemoveTagsFromResource',
    answer: (account, parameters) => {
      const names = readList(parameters, 'TagKeys.member') ?? [];
      replaceTags(account, parameters, ({ Key }) => !names.includes(Key ?? ''), []);
      return {};
    },
  },
];

const replaceTags = (
  account: RdsAccount,
  parameters: Parameters,
  stays: (tag: Tag) => boolean,
  more: readonly Tag[],
): void => {
  const shown = find(account, parameters);
  shown.TagList = [...(shown.TagList ?? []).filter(stays), ...more];
};

const find = (
  { instances, snapshots }: RdsAccount,
  parameters: Parameters,
): { TagList?: Tag[] | undefined } => {
  const arn = needText(parameters, 'ResourceName');
  const all = [
    ...[...instances.values()].map(({ shown }) => ({ shown, arn: shown.DBInstanceArn })),
    ...[...snapshots.values()].map(({ shown }) => ({ shown, arn: shown.DBSnapshotArn })),
  ];
  const found = all.find((one) => one.arn === arn);
  if (found) return found.shown;
  throw new RdsError(
    arn.includes(':snapshot:') ? 'DBSnapshotNotFound' : 'DBInstanceNotFound',
    `${arn} not found.`,
  );
};
