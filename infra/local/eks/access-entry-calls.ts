import * as z from 'zod';

import { type AccessEntry, defaultUsername, isReservedName } from './access-entries.ts';
import { type EksAccount, type EksCluster, type Operation, openCluster, writeArn } from './account.ts';
import { type Body, type Call, EksException, queryPage } from './answer.ts';

/**
 * Access entries: https://docs.aws.amazon.com/eks/latest/APIReference/API_AccessEntry.html
 *
 * Left out: access policies, tags, changing an entry.
 */
export const ACCESS_ENTRY_OPERATIONS: readonly Operation[] = [
  {
    name: 'ListAccessEntries',
    method: 'GET',
    path: '/clusters/{}/access-entries',
    answer: async (account, call) => {
      const { accessEntries } = await openCluster(account, call);
      const { shown, nextToken } = queryPage([...accessEntries.keys()].toSorted(), call, account.pageSize);
      return { accessEntries: shown, nextToken };
    },
  },
  {
    name: 'CreateAccessEntry',
    method: 'POST',
    path: '/clusters/{}/access-entries',
    answer: async (account, call) => create(account, await openCluster(account, call), call),
  },
  {
    name: 'DescribeAccessEntry',
    method: 'GET',
    path: '/clusters/{}/access-entries/{}',
    answer: async (account, call) => ({
      accessEntry: describe(account, findEntry(await openCluster(account, call), call)),
    }),
  },
  {
    name: 'DeleteAccessEntry',
    method: 'DELETE',
    path: '/clusters/{}/access-entries/{}',
    answer: async (account, call) => {
      const cluster = await openCluster(account, call);
      cluster.accessEntries.delete(findEntry(cluster, call).principalArn);
      return {};
    },
  },
];

const CreateAccessEntry = z.object({
  principalArn: z.string().regex(/^arn:[^:]+:iam::\d{12}:(role|user)\/.+$/),
  kubernetesGroups: z.array(z.string().min(1)).default([]),
  username: z.string().min(1).optional(),
  type: z.string().default('STANDARD'),
});

const create = (account: EksAccount, { description, accessEntries }: EksCluster, call: Call): Body => {
  const input = CreateAccessEntry.safeParse(call.body);
  if (!input.success) throw new EksException('InvalidParameterException', z.prettifyError(input.error));
  const { principalArn, kubernetesGroups, type, username = defaultUsername(principalArn) } = input.data;
  const reserved = [...kubernetesGroups, ...(input.data.username ? [username] : [])].find(isReservedName);
  if (reserved !== undefined) {
    throw new EksException('InvalidParameterException', `${reserved} begins with a reserved prefix.`);
  }
  if (accessEntries.has(principalArn)) {
    throw new EksException(
      'ResourceInUseException',
      'The specified access entry resource is already in use on this cluster.',
    );
  }
  const clusterName = description.name;
  const entry = { clusterName, principalArn, kubernetesGroups, username, type, createdAt: account.now() };
  accessEntries.set(principalArn, entry);
  return { accessEntry: describe(account, entry) };
};

const findEntry = ({ accessEntries }: EksCluster, { path }: Call): AccessEntry => {
  const entry = accessEntries.get(path[1] ?? '');
  if (entry) return entry;
  throw new EksException(
    'ResourceNotFoundException',
    "The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.",
  );
};

const describe = (account: EksAccount, entry: AccessEntry): Body => {
  const [kind = '', name = ''] = entry.principalArn.split(':').at(-1)?.split('/') ?? [];
  const place = `access-entry/${entry.clusterName}/${kind}/${account.account}/${name}/local`;
  return { ...entry, modifiedAt: entry.createdAt, accessEntryArn: writeArn(account, place), tags: {} };
};
