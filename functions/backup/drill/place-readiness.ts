import type { Autoscaler, ScalableWorkload } from '../../clients/kubernetes-scaling.ts';
import type { Known } from '../preflight/facts.ts';
import { PAUSED_ANNOTATION } from '../restore/autoscaling.ts';
import { findSidekiqLabels } from './workload-kinds.ts';

/** Whether a drill may begin at a place that is known to be nobody's. */

/** What the values of its release say of mail. */
export interface MailFacts {
  /** Settings that are on, as their paths: `global.smtp.enabled`. */
  readonly on: readonly string[];
}

export interface ReadinessFacts {
  readonly release: string;
  /** With its edition: `18.10.0-ee`. */
  readonly version: Known<string>;
  readonly setVersion: string;
  readonly mail: Known<MailFacts>;
  readonly workloads: Known<readonly ScalableWorkload[]>;
  readonly autoscalers: Known<readonly Autoscaler[]>;
}

/** @returns sentences, empty only when everything is known and fit. */
export const judgeReadiness = (facts: ReadinessFacts): string[] => [
  ...judge(facts.version, 'Which GitLab stands there', (version) => judgeVersion(version, facts.setVersion)),
  ...judge(facts.mail, 'Whether mail is off there', ({ on }) =>
    on.map((path) => `Mail is not off: set ${path} to false in the values of that release.`),
  ),
  ...judge(facts.workloads, 'What runs there', (workloads) => judgeWorkloads(workloads, facts.release)),
  ...judge(facts.autoscalers, 'What scales there by itself', judgeAutoscalers),
];

const judge = <T>(fact: Known<T>, what: string, rule: (value: T) => string[]): string[] =>
  fact.known ? rule(fact.value) : [`${what} is not known: ${fact.why}.`];

/** Source: GitLab documentation, "Restore GitLab": exactly the same version and edition. */
const judgeVersion = (version: string, setVersion: string): string[] =>
  version === setVersion
    ? []
    : [`GitLab ${version} stands there, and the set is of ${setVersion}: install exactly that one.`];

const judgeWorkloads = (workloads: readonly ScalableWorkload[], release: string): string[] => [
  ...(findSidekiqLabels(workloads, release) === undefined
    ? [`There is no Sidekiq of release ${release}, under whose labels the network could be proven closed.`]
    : []),
  ...workloads
    .filter(({ replicas, pods }) => replicas > 0 || pods > 0)
    .map(
      ({ kind, namespace, name }) =>
        `${kind} ${namespace}/${name} is not at 0: a place that is at work may be somebody's.`,
    ),
];

/** Those of Kubernetes itself rest at 0 replicas; KEDA scales up from 0. */
const judgeAutoscalers = (autoscalers: readonly Autoscaler[]): string[] =>
  autoscalers
    .filter(({ kind, annotations }) => kind === 'ScaledObject' && annotations[PAUSED_ANNOTATION] !== 'true')
    .map(
      ({ namespace, name, target }) =>
        `ScaledObject ${namespace}/${name} scales ${target.name} up by itself: pause it by ${PAUSED_ANNOTATION}.`,
    );
