import type { DrillProof, ProbeAddress, Reach, ReachReport } from '../../records/backup/drill-proof.ts';
import type { Known } from '../preflight/facts.ts';
import { ROUNDS } from './reach-script.ts';

/** Whether it is proven that nothing gets out of a place. Only a proof lets data in. */

export interface ProofFacts {
  readonly outside: readonly ProbeAddress[];
  readonly controls: readonly ProbeAddress[];
  /** What the same probe saw before the policies were made. */
  readonly before: Known<ReachReport>;
  readonly after: Known<ReachReport>;
  /**
   * Is there a way out at all, but for the policies? `none`: somebody said that the network itself has none, so that
   * nothing was ever reached and nothing proves that the policies are what holds.
   */
  readonly wayOut: 'expected' | 'none';
}

/** With nothing lost on the way, these alone mean that no packet came through and back. */
const CLOSED: readonly Reach[] = ['timeout', 'unreachable'];

const NO_AGENT =
  'It is as if there were no policies: the Amazon VPC CNI carries them out only with its agent (vpc-cni add-on, enableNetworkPolicy: "true"), and others not at all.';

const LATE_AGENT =
  'Only the first attempts got through: new pods are let out for too long. On EKS, set NETWORK_POLICY_ENFORCING_MODE of aws-node to strict.';

/**
 * Judges two probes of the same pod: before the policies and with them. An outside address that was reached before and
 * runs into silence now is a proof, as long as every allowed address was reached both times: without such a control a
 * broken probe, a node without a network and a closed network look the same.
 */
export const judgeProof = (facts: ProofFacts, at: Date): DrillProof => {
  const { before, after, outside, controls, wayOut } = facts;
  const verdict = (
    state: DrillProof['state'],
    reasons: readonly string[],
    proven: readonly string[] = [],
  ) => ({
    state,
    at: at.toISOString(),
    proven: [...proven],
    controls: state === 'closed' ? controls.map(name) : [],
    reasons: [...reasons],
  });
  if (!after.known)
    return verdict('unproven', [`The probe of the closed network did not run: ${after.why}.`]);
  const seenAfter = (one: ProbeAddress) => seenOf(after.value, one);
  const open = outside.filter((one) => seenAfter(one).includes('reached'));
  if (open.length > 0) {
    const wasOpen = outside.filter((one) => seenOf(knownOr(before), one).includes('reached'));
    const isAll = wasOpen.every((one) => open.includes(one));
    const isLate = open.every((one) => seenAfter(one).at(-1) !== 'reached');
    return verdict('open', [
      ...open.map((one) => `${name(one)} (${one.why}) can be reached although the network is closed.`),
      ...(isLate ? [LATE_AGENT] : isAll ? [NO_AGENT] : []),
    ]);
  }
  if (!before.known) {
    return verdict('unproven', [`The probe of the open network did not run: ${before.why}.`]);
  }
  const blind = judgeControls(facts, before.value, after.value);
  if (blind.length > 0) return verdict('unproven', blind);
  const answered = outside.filter((one) => seenAfter(one).includes('refused'));
  if (answered.length > 0) {
    return verdict(
      'unproven',
      answered.map((one) => `Somebody answers at ${name(one)} (${one.why}), if only to refuse.`),
    );
  }
  const silent = outside.filter((one) => isSilent(seenAfter(one)));
  const proven = silent.filter((one) => seenOf(before.value, one).includes('reached'));
  if (proven.length > 0) return verdict('closed', [], proven.map(name));
  if (wayOut === 'none' && silent.length > 0) return verdict('closed', [], silent.map(name));
  return verdict('unproven', [
    'No outside address was reached before the network was closed, so that their silence now proves nothing. Name one that can be reached, or say that this place has no way out by itself.',
  ]);
};

const judgeControls = ({ controls }: ProofFacts, before: ReachReport, after: ReachReport): string[] => {
  if (controls.length === 0) return ['There is no allowed address that the probe could be held against.'];
  return controls.flatMap((one) => {
    const what = `${name(one)} (${one.why})`;
    if (!isReached(seenOf(before, one))) return [`${what} can not be reached even with an open network.`];
    return isReached(seenOf(after, one))
      ? []
      : [
          `${what} can not be reached any more: either the probe is broken, or more is closed than should be.`,
        ];
  });
};

const seenOf = (report: ReachReport, { host, port }: ProbeAddress): readonly Reach[] =>
  report.find((one) => one.host === host && one.port === port)?.seen ?? [];

/** Fewer attempts than were to be made are those of a pod that did not end. */
const isReached = (seen: readonly Reach[]): boolean =>
  seen.length >= ROUNDS && seen.every((one) => one === 'reached');
const isSilent = (seen: readonly Reach[]): boolean =>
  seen.length >= ROUNDS && seen.every((one) => CLOSED.includes(one));

const knownOr = (report: Known<ReachReport>): ReachReport => (report.known ? report.value : []);

const name = ({ host, port }: ProbeAddress): string => `${host}:${port}`;
