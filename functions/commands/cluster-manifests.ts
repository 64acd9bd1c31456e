import process from 'node:process';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { buildAccessManifest } from '../deployment/access-manifest.ts';
import { listAccess } from '../deployment/cluster-access.ts';
import { buildUpgradeAccessManifest } from '../upgrade/access-manifest.ts';
import { listUpgradeAccess } from '../upgrade/cluster-access.ts';
import type { Access, Given, Table } from './cluster-manifests/access.ts';
import { describeBackupAccess } from './cluster-manifests/backup-access.ts';
import { outliveReader } from './terminal.ts';

const HELP = `Prints what a cluster administrator applies once, so that a capability may do its work in a cluster. Changes nothing.

  npm run -s cluster-manifests -- --namespace shop --namespace billing | kubectl apply -f -
  npm run -s cluster-manifests -- --capability upgrade --helm-namespace shop | kubectl apply -f -
  npm run -s cluster-manifests -- --capability backup --namespace gitlab | kubectl apply -f -
  npm run -s cluster-manifests -- --capability backup --drill-namespace gitlab-drill | kubectl apply -f -
  helm get values -o yaml gitlab | npm run -s cluster-manifests -- --capability backup --namespace gitlab --values -

  --capability <name>     deployment (default), upgrade or backup
  --namespace <name>      of the targets, or of GitLab for backup; may be given more than once
  --drill-namespace <name> of the scratch place in which restores are rehearsed, for backup: what a drill, the restore of
                          it and the reader of its Helm release need there; may be given more than once
  --helm-namespace <name> where the upgrade check may read Helm releases, or all; may be given more than once
  --values <file>         of the GitLab chart, for backup: secrets are then read by the names that stand there, and none is
                          listed, as secrets.helmValues: false in drydock.yaml asks for; - is the standard input. A restore
                          writes secrets by their names in any case: those that stand there, or those the chart makes
  --release <name>        of the Helm release of GitLab, by which the chart names its secrets (default: gitlab)
  --without-restore       for backup: print none of the rights of a restore; nothing can be restored there then
  --table                 print what that allows and what it does not, as a Markdown table
  --help                  print this

Exit code: 0, or 2 for wrong arguments`;

/** Prints the manifests or their table. */
const main = async (): Promise<void> => {
  const read = readArguments();
  if ('mistake' in read) return refuse(`${read.mistake}\n\n${HELP}`);
  const { values } = read;
  if (values.help) {
    console.log(HELP);
    return;
  }
  const access = await ACCESS[values.capability]?.({
    namespaces: values.namespace,
    helmNamespaces: values['helm-namespace'],
    drillNamespaces: values['drill-namespace'],
    values: values.values,
    release: values.release,
    isRestored: !values['without-restore'],
  });
  if (access === undefined || 'problem' in access) {
    return refuse(access?.problem ?? `Write --capability ${Object.keys(ACCESS).join(' or --capability ')}`);
  }
  console.log(
    values.table ? access.tables().map(formatTable).join('\n\n') : formatManifest(access.objects()),
  );
};

const readArguments = () => {
  try {
    return parseArgs({
      options: {
        capability: { type: 'string', default: 'deployment' },
        namespace: { type: 'string', multiple: true, default: [] },
        'drill-namespace': { type: 'string', multiple: true, default: [] },
        'helm-namespace': { type: 'string', multiple: true, default: [] },
        values: { type: 'string', multiple: true, default: [] },
        release: { type: 'string', default: 'gitlab' },
        'without-restore': { type: 'boolean', default: false },
        table: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { mistake: error.message };
  }
};

const refuse = (message: string): void => {
  console.error(message);
  process.exitCode = 2;
};

const ACCESS: Readonly<Record<string, (given: Given) => Access | Promise<Access>>> = {
  deployment: ({ namespaces }) => {
    const [first] = namespaces;
    if (first === undefined) {
      return { problem: 'Name the namespaces of your targets: --namespace shop --namespace billing' };
    }
    return {
      objects: () => buildAccessManifest(namespaces),
      tables: () => [{ rows: listAccess(first, ['kube-system']) }],
    };
  },
  backup: describeBackupAccess,
  upgrade: ({ helmNamespaces }) => {
    const isAll = helmNamespaces.includes('all');
    return {
      objects: () => buildUpgradeAccessManifest({ helmNamespaces: isAll ? 'all' : helmNamespaces }),
      tables: () => [
        { rows: listUpgradeAccess(isAll ? [''] : helmNamespaces, isAll ? [] : ['kube-system']) },
      ],
    };
  },
};

const formatManifest = (objects: readonly object[]): string =>
  objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');

const formatTable = ({ group: identity, rows }: Table): string =>
  [
    ...(identity === undefined ? [] : [`Group \`${identity}\`:`, '']),
    '| May it? | Verb | Resource | Where | Why |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ allowed, verb, group, resource, name, namespace: where, why }) =>
        `| ${allowed ? 'yes' : 'no'} | ${verb} | ${resource}${group && `.${group}`}${name === undefined ? '' : ` ${name}`} | ${where || 'the whole cluster'} | ${why} |`,
    ),
  ].join('\n');

outliveReader(process.stdout);
await main();
