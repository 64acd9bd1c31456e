/** `type: level`: newer than what runs, but not by more than the level allows. */

import * as z from 'zod';
import { comparePrereleases } from '../../rules/prerelease-order.ts';
import { createPicker, type Running } from './picker.ts';
import { type PolicyKind, sharedSettings } from './policy-kind.ts';
import { readTagVersion } from './tag-version.ts';
import type { Version } from './version.ts';
import { compareVersions } from './version-order.ts';

const schema = z
  .strictObject({
    type: z
      .literal('level')
      .meta({ description: 'Versions above the running one, up to a level of change.' }),
    level: z
      .enum(['all', 'major', 'minor', 'patch'], {
        error: 'write "all", "major", "minor" or "patch": the highest number of the version that may change',
      })
      .meta({
        description:
          'The highest number of the version that may change; all is major, with prereleases of any name.',
      }),
    prerelease: z.enum(['same', 'any'], { error: 'write "same" or "any"' }).optional().meta({
      description: 'same (the default): the text behind "-" stays as it is. any: it may change.',
    }),
    ...sharedSettings,
  })
  .refine(({ level, prerelease }) => level !== 'all' || prerelease !== 'same', {
    path: ['prerelease'],
    error: 'level "all" takes any prerelease; write level "major" to keep the text behind "-" as it is',
  });

/**
 * Keel's levels (https://keel.sh/docs/#policies), with the running tag as the measure.
 *
 * - Candidates: versions (see `readTagVersion`) whose numbers above the level equal the running ones.
 * - Order: by version.
 * - Prereleases: the text behind `-` must be that of the running tag (`1.4.5-alpine` goes to `1.4.6-alpine`, never to
 *   `1.4.6`), unless `prerelease: any` or level `all`.
 * - Nothing runs, or `latest` does: any version may follow, prereleases only where any may. (Keel lets any tag follow
 *   `latest`; a tag that is no version would leave nothing to measure by.)
 * - Any other tag that is no version: nothing may follow, since no step from it can be measured.
 * - Ties: as with semver ranges, the last in byte order.
 */
export const level: PolicyKind<typeof schema> = {
  schema,
  compile: (policy) => {
    const takesAnyPrerelease = policy.level === 'all' || policy.prerelease === 'any';
    return createPicker(policy, {
      read: readTagVersion,
      compare: compareVersions,
      refuse: (version, running) => {
        const from = measure(running);
        if (from === 'unreadable')
          return `cannot be measured: "${running.tag}" runs, which is no version; set a version once by hand`;
        const runningPrerelease = from?.prerelease ?? [];
        if (!takesAnyPrerelease && comparePrereleases(version.prerelease, runningPrerelease) !== 0)
          return `is marked ${mark(version.prerelease)}, what runs is marked ${mark(runningPrerelease)}; they must be the same`;
        return from && refuseStep(policy.level, from, version);
      },
    });
  },
};

/** The running version; `undefined` when any version may follow. */
const measure = ({ tag, value }: Running<Version>): Version | undefined | 'unreadable' => {
  if (value) return value;
  return tag === undefined || tag === 'latest' ? undefined : 'unreadable';
};

const mark = (prerelease: readonly string[]): string =>
  prerelease.length === 0 ? 'as no prerelease' : `-${prerelease.join('.')}`;

const refuseStep = (
  allowed: z.output<typeof schema>['level'],
  from: Version,
  to: Version,
): string | undefined => {
  if (allowed === 'all' || allowed === 'major') return undefined;
  if (from.major !== to.major) return `changes the major version, and level ${allowed} allows no such step`;
  return allowed === 'patch' && from.minor !== to.minor
    ? 'changes the minor version, and level patch allows no such step'
    : undefined;
};
