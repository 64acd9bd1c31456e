import { patternBeside } from '../backup/instance-names.ts';
import type { Backup, BackupSettings } from './backup.ts';
import { findDrillProblems } from './drill-references.ts';
import type { ReferencedSections, ReferenceProblem } from './reference-problem.ts';
import { findClash } from './schedule-times.ts';

/** What the backup section says of itself and of others must fit together. */

/** Two policies that start closer together than this stand in each other's way at every such turn. */
const MIN_MINUTES_APART = 15;

/** Finds every contradiction of the section, each with its path. */
export const findBackupProblems = (
  { environments }: Pick<ReferencedSections, 'environments'>,
  backup: Backup,
): ReferenceProblem[] => [
  ...checkNames(Object.keys(environments), Object.keys(backup.environments)),
  ...checkOwners(backup),
  ...checkScratchDatabases(backup),
  ...findDrillProblems({ environments }, backup),
  ...Object.entries(backup.environments).flatMap(([name, settings]) =>
    [
      ...checkBuckets(settings),
      ...checkKeys(settings),
      ...checkCopy(settings),
      ...checkLock(settings),
      ...checkNative(settings),
      ...checkValues(settings),
      ...checkClashes(settings),
    ].map(({ path, message }) => ({ path: ['backup', 'environments', name, ...path], message })),
  ),
];

const checkNames = (known: readonly string[], named: readonly string[]): ReferenceProblem[] =>
  named
    .filter((name) => !known.includes(name))
    .map((written) => ({
      path: ['backup', 'environments', written],
      message: `"${written}" is no environment of this file; ${known.length === 0 ? 'there are none in environments' : `known: ${known.join(', ')}`}`,
      written,
      known,
    }));

/** Archives lie at the root of their bucket, so those of two would be one list. */
const checkOwners = ({ environments }: Backup): ReferenceProblem[] => {
  const seen = new Map<string, string>();
  return Object.entries(environments).flatMap(([name, { destination }]): ReferenceProblem[] => {
    const first = seen.get(destination.bucket);
    seen.set(destination.bucket, first ?? name);
    if (first === undefined) return [];
    const message = `is the bucket of "${first}" already; give each environment a bucket of its own`;
    return [{ path: ['backup', 'environments', name, 'destination', 'bucket'], message }];
  });
};

/** What is restored there takes its identifier over, and a drill deletes instances that are named after it. */
const checkScratchDatabases = ({ environments }: Backup): ReferenceProblem[] => {
  const seen = new Map(
    Object.entries(environments).flatMap(([name, { database }]) =>
      database ? [[database.instance, name]] : [],
    ),
  );
  return Object.entries(environments).flatMap(([name, { restore }]): ReferenceProblem[] => {
    const instance = restore.scratch?.database?.instance;
    if (instance === undefined) return [];
    const first = seen.get(instance);
    seen.set(instance, first ?? `${name}.restore.scratch`);
    const stem = patternBeside(instance, 'restore').slice(0, -1);
    const named = [...seen].find(([other]) => other.startsWith(stem));
    const path = ['backup', 'environments', name, 'restore', 'scratch', 'database', 'instance'];
    return [
      ...(first === undefined
        ? []
        : [`is the database of "${first}" already; give the scratch place an instance of its own`]),
      ...(named === undefined
        ? []
        : [
            `would have a drill delete "${named[0]}" of "${named[1]}", which is named as what it makes itself`,
          ]),
    ].map((message) => ({ path, message }));
  });
};

const checkBuckets = ({
  destination,
  tmpBucket,
  secrets,
  copy,
  gitaly,
}: BackupSettings): ReferenceProblem[] => {
  const buckets: readonly (readonly [readonly string[], string])[] = [
    [['destination', 'bucket'], destination.bucket],
    [['tmpBucket'], tmpBucket],
    [['secrets', 'bucket'], secrets.bucket],
    ...(copy === undefined ? [] : [[['copy', 'bucket'], copy.bucket] as const]),
    ...(gitaly === undefined ? [] : [[['gitaly', 'bucket'], gitaly.bucket] as const]),
  ];
  return buckets.flatMap(([path, bucket], index): ReferenceProblem[] => {
    const first = buckets.slice(0, index).find(([, other]) => other === bucket);
    return first
      ? [
          {
            path: [...path],
            message: `is the bucket of ${first[0].join('.')} already; the two are kept apart`,
          },
        ]
      : [];
  });
};

const checkKeys = ({ destination, secrets }: BackupSettings): ReferenceProblem[] =>
  destination.kmsKey === secrets.kmsKey
    ? [
        {
          path: ['secrets', 'kmsKey'],
          message:
            'is the key of destination already: whoever may read the archives could read the secrets too',
        },
      ]
    : [];

const checkCopy = ({ destination, copy }: BackupSettings): ReferenceProblem[] =>
  copy !== undefined && copy.region === destination.region
    ? [{ path: ['copy', 'region'], message: 'is the region of destination; a copy goes to another one' }]
    : [];

const checkLock = ({ lock, policies }: BackupSettings): ReferenceProblem[] =>
  Object.entries(policies)
    .filter(([, { retention }]) => retention.days < lock.days)
    .map(([name, { retention }]) => ({
      path: ['policies', name, 'retention', 'days'],
      message: `${retention.days} is shorter than the lock of ${lock.days} days, which no deletion gets past; allowed: ${lock.days} or more`,
    }));

/** No archive holds these two of a native set, so something else has to. */
const checkNative = ({ policies, database, gitaly }: BackupSettings): ReferenceProblem[] =>
  Object.entries(policies)
    .filter(([, { kind }]) => kind === 'native')
    .flatMap(([name, { skip }]) =>
      [
        ...(database !== undefined || skip.includes('db')
          ? []
          : [`is native and needs the RDS instance of the database: write "database" beside policies`]),
        ...(gitaly !== undefined || skip.includes('repositories')
          ? []
          : [`is native and needs the server-side backups of Gitaly: write "gitaly" beside policies`]),
      ].map((message) => ({ path: ['policies', name, 'kind'], message })),
    );

/** Which buckets there are stands in the values of the chart alone. */
const checkValues = ({ policies, secrets: { helmValues } }: BackupSettings): ReferenceProblem[] =>
  Object.entries(policies)
    .filter(([, { kind, versions }]) => !helmValues && (kind === 'native' || versions.length > 0))
    .map(([name, { kind }]) => {
      const message =
        kind === 'native'
          ? 'is native and needs the values of the chart, which name its buckets; write secrets.helmValues: true'
          : 'leaves components to the versions of their buckets, which the values of the chart name; write "versions: []", or secrets.helmValues: true';
      return { path: ['policies', name, 'kind'], message };
    });

/** Policies that start at the same time, also where that is so in summer only. */
const checkClashes = ({ policies }: BackupSettings): ReferenceProblem[] =>
  Object.entries(policies).flatMap(([name, policy], index, all) =>
    all.slice(0, index).flatMap(([other, earlier]): ReferenceProblem[] => {
      const clash = findClash(earlier, policy, MIN_MINUTES_APART);
      if (!clash) return [];
      const apart = clash.minutesApart === 0 ? 'at the same time as' : `${clash.minutesApart} minutes from`;
      const message = `starts ${apart} "${other}", for example on ${clash.at}; one of them would wait or be left out, so keep them ${MIN_MINUTES_APART} minutes apart`;
      return [{ path: ['policies', name, 'schedule'], message }];
    }),
  );
