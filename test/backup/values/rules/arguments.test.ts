import { argumentForm } from '../../../../functions/backup/values/rules/argument-form.ts';
import { fixedName } from '../../../../functions/backup/values/rules/fixed-name.ts';
import { otherActions } from '../../../../functions/backup/values/rules/other-actions.ts';
import { serverSideTarget } from '../../../../functions/backup/values/rules/server-side-target.ts';
import { skipLists } from '../../../../functions/backup/values/rules/skip-lists.ts';
import { skippedEssentials } from '../../../../functions/backup/values/rules/skipped-essentials.ts';
import { skippedRepositories } from '../../../../functions/backup/values/rules/skipped-repositories.ts';
import { toolPruning } from '../../../../functions/backup/values/rules/tool-pruning.ts';
import { unknownFlags } from '../../../../functions/backup/values/rules/unknown-flags.ts';
import { unknownSkips } from '../../../../functions/backup/values/rules/unknown-skips.ts';
import { describeRule } from '../describe-rule.ts';
import { args, cron } from '../ordinary-values.ts';

const PATH = 'gitlab.toolbox.backups.cron.extraArgs';
const TRAP = [`trap ${PATH}`];
const RISK = [`risk ${PATH}`];

describeRule(skippedRepositories, [
  {
    it: 'the documented recipe saves no repository',
    given: args('--repositories-server-side --skip db --skip repositories'),
    finds: TRAP,
  },
  {
    it: 'in a list it is the same',
    given: args('--skip lfs,repositories --repositories-server-side'),
    finds: TRAP,
  },
  { it: 'server-side alone saves them', given: args('--repositories-server-side --skip db'), finds: [] },
  { it: 'skipping alone is meant', given: args('--skip repositories'), finds: [] },
  {
    it: 'a comment is no argument',
    given: args('--repositories-server-side # --skip repositories'),
    finds: [],
  },
  {
    it: 'what another command is told does not count',
    given: args('--repositories-server-side; echo --skip repositories'),
    finds: [],
  },
  {
    it: 'without a CronJob there is nothing to judge',
    given: cron('enabled: false, extraArgs: "--repositories-server-side --skip repositories"'),
    finds: [],
  },
]);

const TARGET = 'gitlab.gitaly.backup.goCloudUrl';
describeRule(serverSideTarget, [
  {
    it: 'Gitaly without a bucket fails',
    given: args('--repositories-server-side'),
    finds: [`trap ${TARGET}`],
  },
  {
    it: 'with one it works',
    given: `${args('--repositories-server-side').slice(0, -1)}, gitaly: { backup: { goCloudUrl: "s3://acme-gitaly?region=eu-central-1" } } }`,
    finds: [],
  },
  {
    it: 'also where it stands in the configuration of Gitaly',
    given: `${args('--repositories-server-side').slice(0, -1)}, gitaly: { configuration: { backup: { go_cloud_url: "s3://acme-gitaly" } } } }`,
    finds: [],
  },
  {
    it: 'of a Gitaly outside it is not known',
    given: `${args('--repositories-server-side')}\nglobal: { gitaly: { enabled: false, external: [{ name: default, hostname: gitaly.example.com }] } }`,
    finds: ['not-checked global.gitaly.external'],
  },
  { it: 'without server-side backups none is needed', given: args('--rsyncable'), finds: [] },
]);

describeRule(skippedEssentials, [
  { it: 'without the database', given: args('--skip db'), finds: RISK, says: ['database'] },
  { it: 'without repositories', given: args('--skip repositories'), finds: RISK, says: ['repositories'] },
  {
    it: 'server-side backups hold repositories',
    given: args('--skip repositories --repositories-server-side'),
    finds: [],
  },
  { it: 'other components may be left out', given: args('--skip registry --skip artifacts'), finds: [] },
]);

describeRule(unknownSkips, [
  {
    it: 'a name that is none',
    given: args('--skip artefacts'),
    finds: RISK,
    says: ['"artefacts"', 'nothing is skipped'],
  },
  { it: 'a name that holds one', given: args('--skip my-db'), finds: RISK, says: ['finds db inside'] },
  { it: 'each of several', given: args('--skip tar --skip remote'), finds: [...RISK, ...RISK] },
  {
    it: 'one that may be a secret is not repeated',
    given: args('--skip glpat-abcdefghij0123456789'),
    finds: RISK,
    says: ['what stands there'],
  },
  {
    it: 'all names of the documentation are fine',
    given: args('--skip db --skip builds --skip ci_secure_files,external_diffs'),
    finds: [],
  },
]);

describeRule(skipLists, [
  { it: 'several names behind one --skip', given: args('--skip registry,artifacts'), finds: RISK },
  { it: 'one behind each', given: args('--skip registry --skip artifacts'), finds: [] },
  { it: 'a comma elsewhere', given: args('--storage-class a,b --skip lfs'), finds: [] },
]);

describeRule(fixedName, [
  { it: 'one name for all', given: args('-t nightly'), finds: TRAP, says: ['overwrites'] },
  { it: 'also in the long form', given: args('--timestamp 1700000000_2023_11_14_16.6.0'), finds: TRAP },
  { it: 'a name out of the time', given: args('-t "$(date +%s_%Y_%m_%d)_nightly"'), finds: [] },
  { it: 'with backticks', given: args('-t `date +%s_%Y_%m_%d`_nightly'), finds: [] },
  {
    it: 'a time that the tool does not list',
    given: args('-t "$(date +%Y-%m-%d)"'),
    finds: RISK,
    says: ['does not begin'],
  },
  { it: 'a variable', given: args('-t "$BACKUP_NAME"'), finds: RISK },
  { it: 'the last one counts', given: args('-t "$(date +%s_%Y_%m_%d)_a" -t fixed'), finds: TRAP },
  { it: 'no name is the best one', given: args('--storage-class STANDARD_IA'), finds: [] },
]);

describeRule(toolPruning, [
  { it: 'the tool prunes', given: args('--maximum-backups 7'), finds: RISK },
  { it: 'a storage class does not', given: args('--storage-class -maximum-backups'), finds: [] },
  { it: 'without it nobody deletes', given: '', finds: [] },
]);

describeRule(otherActions, [
  {
    it: 'a restore on a schedule',
    given: args('--restore -t 1700000000_2023_11_14_16.6.0'),
    finds: TRAP,
    says: ['overwrites the running GitLab'],
  },
  {
    it: 'a cleanup instead of a backup',
    given: args('--cleanup --maximum-backups 3'),
    finds: TRAP,
    says: ['makes no backup'],
  },
  { it: 'a name that looks like it', given: args('--skip cleanup'), finds: [] },
  { it: 'a backup', given: args('--rsyncable'), finds: [] },
]);

describeRule(unknownFlags, [
  { it: 'a flag of another tool', given: args('--incremental'), finds: RISK, says: ['"--incremental"'] },
  { it: 'a value behind =', given: args('--s3tool=awscli'), finds: RISK, says: ['no --flag=value'] },
  {
    it: 'a word too many',
    given: args('--skip db lfs'),
    finds: RISK,
    says: ['a word that belongs to no flag'],
  },
  { it: 'a secret behind = is not repeated', given: args('--aws-secret=hunter2'), finds: RISK },
  {
    it: 'flags that newer images know',
    given: args('--s3tool-backup awscli --s3tool-data s3cmd --azure-config-file x'),
    finds: [],
  },
  {
    it: 'all flags that it knows',
    given: args(
      '--rsyncable --backend s3 --s3config /x --aws-kms-key-id a --aws-region b --aws-s3-endpoint-url c',
    ),
    finds: [],
  },
]);

describeRule(argumentForm, [
  { it: 'a list', given: cron('extraArgs: [--skip, lfs]'), finds: TRAP, says: ['brackets'] },
  { it: 'a map', given: cron('extraArgs: { skip: lfs }'), finds: TRAP },
  { it: 'one line', given: args('--skip lfs'), finds: [] },
  { it: 'nothing', given: cron('extraArgs: null'), finds: [] },
]);
