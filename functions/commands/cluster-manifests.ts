import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { buildBackupAccessManifest } from '../backup/access-manifest.ts';
import { listBackupAccess } from '../backup/cluster-access.ts';
import { buildAccessManifest } from '../deployment/access-manifest.ts';
import { listAccess } from '../deployment/cluster-access.ts';
import { buildUpgradeAccessManifest } from '../upgrade/access-manifest.ts';
import { listUpgradeAccess } from '../upgrade/cluster-access.ts';

/**
 * Prints what a cluster administrator applies once, so that a capability may do its work in a cluster:
 *
 *     npm run -s cluster-manifests -- --namespace shop --namespace billing | kubectl apply -f -
 *     npm run -s cluster-manifests -- --capability upgrade --helm-namespace shop | kubectl apply -f -
 *     npm run -s cluster-manifests -- --capability backup --namespace gitlab | kubectl apply -f -
 *
 * With `--table` it prints what that allows and what it does not, as a Markdown table.
 */
const main = (): void => {
  const { values } = parseArgs({
    options: {
      capability: { type: 'string', default: 'deployment' },
      namespace: { type: 'string', multiple: true, default: [] },
      'helm-namespace': { type: 'string', multiple: true, default: [] },
      table: { type: 'boolean', default: false },
    },
  });
  const access = ACCESS[values.capability]?.({
    namespaces: values.namespace,
    helmNamespaces: values['helm-namespace'],
  });
  if (access === undefined || 'problem' in access) {
    console.error(access?.problem ?? `Write --capability ${Object.keys(ACCESS).join(' or --capability ')}`);
    process.exitCode = 2;
    return;
  }
  console.log(values.table ? formatTable(access.rows()) : formatManifest(access.objects()));
};

interface Given {
  readonly namespaces: readonly string[];
  readonly helmNamespaces: readonly string[];
}

/** What of each capability's table is shown. */
type Row = ReturnType<typeof listAccess>[number];

type Access =
  | { readonly problem: string }
  | { readonly objects: () => readonly object[]; readonly rows: () => readonly Row[] };

const ACCESS: Readonly<Record<string, (given: Given) => Access>> = {
  deployment: ({ namespaces }) => {
    const [first] = namespaces;
    if (first === undefined) {
      return { problem: 'Name the namespaces of your targets: --namespace shop --namespace billing' };
    }
    return {
      objects: () => buildAccessManifest(namespaces),
      rows: () => listAccess(first, ['kube-system']),
    };
  },
  backup: ({ namespaces }) => {
    const [first] = namespaces;
    if (first === undefined) return { problem: 'Name the namespaces of GitLab: --namespace gitlab' };
    return {
      objects: () => buildBackupAccessManifest(namespaces),
      rows: () => listBackupAccess(first, ['kube-system']),
    };
  },
  upgrade: ({ helmNamespaces }) => {
    const isAll = helmNamespaces.includes('all');
    return {
      objects: () => buildUpgradeAccessManifest({ helmNamespaces: isAll ? 'all' : helmNamespaces }),
      rows: () => listUpgradeAccess(isAll ? [''] : helmNamespaces, isAll ? [] : ['kube-system']),
    };
  },
};

const formatManifest = (objects: readonly object[]): string =>
  objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');

const formatTable = (rows: readonly Row[]): string =>
  [
    '| May it? | Verb | Resource | Where | Why |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ allowed, verb, group, resource, namespace: where, why }) =>
        `| ${allowed ? 'yes' : 'no'} | ${verb} | ${resource}${group && `.${group}`} | ${where || 'the whole cluster'} | ${why} |`,
    ),
  ].join('\n');

main();
