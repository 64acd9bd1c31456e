import { describe, expect, it } from 'vitest';
import { type KubernetesMinor, shiftMinor } from '../../functions/records/kubernetes-version.ts';
import type { ClusterFacts } from '../../functions/records/upgrade/facts.ts';
import type { Finding } from '../../functions/records/upgrade/finding.ts';
import type { Check } from '../../functions/upgrade/check.ts';
import { examine } from '../../functions/upgrade/examination.ts';
import { CHECK_TIME, CLUSTER, healthyCluster, REGION } from './upgrade-facts.ts';

/** One row of the table of a check: its title is the assertion. */
export interface CheckCase {
  readonly it: string;
  /** Topics that differ from those of the healthy cluster. */
  readonly given: ClusterFacts;
  /** The version to go to; 1.36 unless it matters. */
  readonly to?: KubernetesMinor;
  /** The version that the cluster has; the one before `to` unless it matters. */
  readonly current?: KubernetesMinor;
  readonly now?: Date;
  /** Result and subject of each finding: `block node group blue`. */
  readonly finds: readonly string[];
  /** Texts that must be somewhere in message, remedy and evidence of the findings. */
  readonly says?: readonly string[];
  /** Texts that must be in none of them. */
  readonly silentOn?: readonly string[];
}

/** Runs one check over facts as an examination does, versions on the way included. */
export const findWith = (
  check: Check,
  { given, to = '1.36', current = shiftMinor(to, -1), now = CHECK_TIME }: Omit<CheckCase, 'it' | 'finds'>,
): Finding[] =>
  examine(healthyCluster(given), { cluster: CLUSTER, region: REGION, current, target: to, now }, [check])
    .findings;

/** The table of a check. Every finding has to be of use to a person, whatever the row is about. */
export const describeCheck = (check: Check, cases: readonly CheckCase[]): void => {
  describe(`${check.code}: ${check.title}`, () => {
    it.each([...cases])('$it', (row) => {
      const findings = findWith(check, row);
      expect(findings.map(({ result, subject }) => `${result} ${subject}`)).toEqual(row.finds);
      const text = findings.map(tell).join('\n');
      for (const words of row.says ?? []) expect(text).toContain(words);
      for (const words of row.silentOn ?? []) expect(text).not.toContain(words);
      for (const { message, remedy } of findings) {
        expect(message).toMatch(/^\S.*\S$/s);
        expect(remedy.text).toMatch(/\.$/);
        expect(`${message} ${remedy.text} ${remedy.command ?? ''}`).not.toMatch(/undefined|\[object|NaN/);
      }
    });
  });
};

const tell = ({ message, remedy, evidence }: Finding): string =>
  [message, remedy.text, remedy.command ?? '', remedy.link ?? '', ...evidence].join('\n');
