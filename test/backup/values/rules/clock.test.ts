import { cronTemplate } from '../../../../functions/backup/values/rules/cron-template.ts';
import { disruptedRuns } from '../../../../functions/backup/values/rules/disrupted-runs.ts';
import { endlessRuns } from '../../../../functions/backup/values/rules/endless-runs.ts';
import { evictableRuns } from '../../../../functions/backup/values/rules/evictable-runs.ts';
import { overlappingRuns } from '../../../../functions/backup/values/rules/overlapping-runs.ts';
import { retriedRuns } from '../../../../functions/backup/values/rules/retried-runs.ts';
import { twoClocks } from '../../../../functions/backup/values/rules/two-clocks.ts';
import { describeRule } from '../describe-rule.ts';
import { cron } from '../ordinary-values.ts';

const CRON = 'gitlab.toolbox.backups.cron';
const toolbox = (yaml: string): string => `gitlab: { toolbox: { ${yaml} } }`;

describeRule(cronTemplate, [
  { it: 'a suspended CronJob is a template', given: '', finds: [] },
  { it: 'without a CronJob there is none', given: cron('enabled: false'), finds: [`trap ${CRON}.enabled`] },
  { it: 'a default that was deleted is none', given: cron('enabled: null'), finds: [`trap ${CRON}.enabled`] },
  {
    it: 'without a toolbox there is none either',
    given: toolbox('enabled: false'),
    finds: ['trap gitlab.toolbox.enabled'],
  },
  { it: 'Go takes the text "false" for true', given: cron('enabled: "false"'), finds: [] },
]);

describeRule(twoClocks, [
  { it: 'a suspended CronJob is no clock', given: '', finds: [] },
  {
    it: 'one that is not suspended is a second clock',
    given: cron('suspend: false'),
    finds: [`risk ${CRON}.suspend`],
  },
  {
    it: 'so is one whose default was deleted',
    given: cron('suspend: null'),
    finds: [`risk ${CRON}.suspend`],
  },
  { it: 'YAML 1.1 takes on for true', given: cron('suspend: on'), finds: [] },
  { it: 'the only clock may run', given: cron('suspend: false'), knowing: { clock: 'chart' }, finds: [] },
  { it: 'one that is not there is no clock', given: cron('enabled: false, suspend: false'), finds: [] },
]);

describeRule(overlappingRuns, [
  { it: 'a Job of our own is under no policy', given: cron('concurrencyPolicy: Replace'), finds: [] },
  {
    it: 'the default kills a slow backup',
    given: cron('suspend: false'),
    finds: [`risk ${CRON}.concurrencyPolicy`],
    says: ['Replace'],
  },
  {
    it: 'Allow has two at once',
    given: cron('suspend: false, concurrencyPolicy: Allow'),
    finds: [`risk ${CRON}.concurrencyPolicy`],
    says: ['Allow'],
  },
  {
    it: 'none at all is Allow to Kubernetes',
    given: cron('suspend: false, concurrencyPolicy: null'),
    finds: [`risk ${CRON}.concurrencyPolicy`],
    says: ['Allow'],
  },
  { it: 'Forbid is right', given: cron('suspend: false, concurrencyPolicy: Forbid'), finds: [] },
]);

describeRule(retriedRuns, [
  { it: 'a Job of our own is not begun anew', given: '', finds: [] },
  {
    it: 'the defaults begin anew six times and delete the log',
    given: cron('suspend: false'),
    finds: [`risk ${CRON}.backoffLimit`, `risk ${CRON}.restartPolicy`],
    says: ['up to 6 times'],
  },
  {
    it: 'once more is once too often',
    given: cron('suspend: false, backoffLimit: 1, restartPolicy: Never'),
    finds: [`risk ${CRON}.backoffLimit`],
    says: ['anew once'],
  },
  {
    it: 'none at all is six to Kubernetes',
    given: cron('suspend: false, backoffLimit: null, restartPolicy: Never'),
    finds: [`risk ${CRON}.backoffLimit`],
  },
  {
    it: 'zero and Never are right',
    given: cron('suspend: false, backoffLimit: 0, restartPolicy: Never'),
    finds: [],
  },
]);

describeRule(endlessRuns, [
  { it: 'a Job of our own has a deadline', given: '', finds: [] },
  {
    it: 'by default there is none',
    given: cron('suspend: false'),
    finds: [`risk ${CRON}.activeDeadlineSeconds`],
  },
  {
    it: 'zero is none',
    given: cron('suspend: false, activeDeadlineSeconds: 0'),
    finds: [`risk ${CRON}.activeDeadlineSeconds`],
  },
  { it: 'a deadline is right', given: cron('suspend: false, activeDeadlineSeconds: 28800'), finds: [] },
]);

describeRule(evictableRuns, [
  { it: 'by default a backup is not evicted', given: '', finds: [] },
  { it: 'safeToEvict lets it be', given: cron('safeToEvict: true'), finds: [`risk ${CRON}.safeToEvict`] },
  {
    it: 'an annotation of the toolbox goes before it',
    given: toolbox('annotations: { cluster-autoscaler.kubernetes.io/safe-to-evict: "true" }'),
    finds: ['risk gitlab.toolbox.annotations'],
  },
  {
    it: 'also the other way round',
    given: `gitlab: { toolbox: { annotations: { cluster-autoscaler.kubernetes.io/safe-to-evict: "false" }, backups: { cron: { safeToEvict: true } } } }`,
    finds: [],
  },
]);

describeRule(disruptedRuns, [
  { it: 'a Job of our own is annotated', given: '', finds: [] },
  {
    it: 'the chart speaks to no Karpenter',
    given: cron('suspend: false'),
    finds: ['risk gitlab.toolbox.annotations'],
  },
  {
    it: 'an annotation of the toolbox does',
    given: `gitlab: { toolbox: { annotations: { karpenter.sh/do-not-disrupt: "true" }, backups: { cron: { suspend: false } } } }`,
    finds: [],
  },
  {
    it: 'one that says false does not',
    given: `gitlab: { toolbox: { annotations: { karpenter.sh/do-not-disrupt: "false" }, backups: { cron: { suspend: false } } } }`,
    finds: ['risk gitlab.toolbox.annotations'],
  },
]);
