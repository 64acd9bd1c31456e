import * as z from 'zod';

import { type AccessEntry, defaultUsername, isReservedName } from './access-entries.ts';

/** What the stand-in knows of one cluster. */
export interface EksCluster {
  readonly name: string;
  readonly endpoint: string;
  /** PEM in base64. */
  readonly certificateAuthority: string;
  readonly version: string;
  readonly createdAt: Date;
  /** By principal ARN. */
  readonly accessEntries: Map<string, AccessEntry>;
}

export interface EksRequest {
  readonly method: string;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface EksAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** The exception's name, which the SDK reads from a header. */
  readonly error?: string;
}

export interface EksAccount {
  readonly region: string;
  readonly account: string;
  readonly clusters: Map<string, EksCluster>;
  readonly now: () => Date;
}

const CreateAccessEntry = z.object({
  principalArn: z.string().regex(/^arn:[^:]+:iam::\d{12}:(role|user)\/.+$/),
  kubernetesGroups: z.array(z.string().min(1)).default([]),
  username: z.string().min(1).optional(),
  type: z.string().default('STANDARD'),
});

/**
 * Answers the EKS calls that Drydock makes, in the shapes of https://docs.aws.amazon.com/eks/latest/APIReference/
 *
 * Left out: who calls (no signature and no IAM policy is checked), tags, access policies, node groups, add-ons,
 * versions, insights, updates, and everything that changes a cluster; such a call is answered as unknown.
 */
export const answerEks = (account: EksAccount, request: EksRequest): EksAnswer => {
  const [root, name, collection, principal, ...rest] = request.path;
  if (root !== 'clusters' || rest.length > 0) return unknownCall(request);
  if (name === undefined)
    return request.method === 'GET' ? listClusters(account, request) : unknownCall(request);
  const cluster = account.clusters.get(name);
  if (!cluster) return fail(404, 'ResourceNotFoundException', `No cluster found for name: ${name}.`);
  if (collection === undefined) {
    return request.method === 'GET'
      ? ok({ cluster: describeCluster(account, cluster) })
      : unknownCall(request);
  }
  if (collection !== 'access-entries') return unknownCall(request);
  return principal === undefined
    ? answerAccessEntries(account, cluster, request)
    : answerAccessEntry(account, cluster, principal, request);
};

const listClusters = ({ clusters }: EksAccount, { query }: EksRequest): EksAnswer =>
  page('clusters', [...clusters.keys()].toSorted(), query);

const describeCluster = ({ region, account }: EksAccount, cluster: EksCluster): unknown => ({
  name: cluster.name,
  arn: `arn:aws:eks:${region}:${account}:cluster/${cluster.name}`,
  createdAt: cluster.createdAt.getTime() / 1000,
  version: cluster.version,
  endpoint: cluster.endpoint,
  status: 'ACTIVE',
  certificateAuthority: { data: cluster.certificateAuthority },
  platformVersion: 'eks.1',
  accessConfig: { authenticationMode: 'API' },
  tags: {},
});

const answerAccessEntries = (account: EksAccount, cluster: EksCluster, request: EksRequest): EksAnswer => {
  if (request.method === 'GET') {
    return page('accessEntries', [...cluster.accessEntries.keys()].toSorted(), request.query);
  }
  if (request.method !== 'POST') return unknownCall(request);
  const input = CreateAccessEntry.safeParse(request.body);
  if (!input.success) return fail(400, 'InvalidParameterException', z.prettifyError(input.error));
  const { principalArn, kubernetesGroups, type, username = defaultUsername(principalArn) } = input.data;
  const reserved = [...kubernetesGroups, ...(input.data.username ? [username] : [])].find(isReservedName);
  if (reserved !== undefined) {
    return fail(400, 'InvalidParameterException', `${reserved} begins with a reserved prefix.`);
  }
  if (cluster.accessEntries.has(principalArn)) {
    return fail(
      409,
      'ResourceInUseException',
      'The specified access entry resource is already in use on this cluster.',
    );
  }
  const entry = {
    clusterName: cluster.name,
    principalArn,
    kubernetesGroups,
    username,
    type,
    createdAt: account.now(),
  };
  cluster.accessEntries.set(principalArn, entry);
  return ok({ accessEntry: describeAccessEntry(account, entry) });
};

const answerAccessEntry = (
  account: EksAccount,
  cluster: EksCluster,
  principalArn: string,
  request: EksRequest,
): EksAnswer => {
  const entry = cluster.accessEntries.get(principalArn);
  if (!entry) {
    return fail(
      404,
      'ResourceNotFoundException',
      'The specified principalArn could not be found. You can view your ' +
        "available access entries with 'list-access-entries'.",
    );
  }
  if (request.method === 'GET') return ok({ accessEntry: describeAccessEntry(account, entry) });
  if (request.method !== 'DELETE') return unknownCall(request);
  cluster.accessEntries.delete(principalArn);
  return ok({});
};

const describeAccessEntry = ({ region, account }: EksAccount, entry: AccessEntry): unknown => {
  const [kind = '', name = ''] = entry.principalArn.split(':').at(-1)?.split('/') ?? [];
  return {
    ...entry,
    createdAt: entry.createdAt.getTime() / 1000,
    modifiedAt: entry.createdAt.getTime() / 1000,
    accessEntryArn: `arn:aws:eks:${region}:${account}:access-entry/${entry.clusterName}/${kind}/${account}/${name}/local`,
    tags: {},
  };
};

/** At most 100 names a page, as EKS; the token is the last name given. */
const page = (key: string, names: readonly string[], query: URLSearchParams): EksAnswer => {
  const size = Math.min(Number(query.get('maxResults') ?? 100) || 100, 100);
  const after = query.get('nextToken');
  const left = after ? names.filter((name) => name > after) : names;
  const shown = left.slice(0, size);
  return ok({ [key]: shown, nextToken: left.length > size ? shown.at(-1) : null });
};

const ok = (body: Readonly<Record<string, unknown>>): EksAnswer => ({ status: 200, body });

const fail = (status: number, error: string, message: string): EksAnswer => ({
  status,
  body: { message },
  error,
});

const unknownCall = ({ method, path }: EksRequest): EksAnswer =>
  fail(404, 'UnknownOperationException', `The local EKS does not answer ${method} /${path.join('/')}.`);
