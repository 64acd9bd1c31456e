import { restoreSpace } from '../../../../functions/backup/values/rules/restore-space.ts';
import { s3cmdArtifacts } from '../../../../functions/backup/values/rules/s3cmd-artifacts.ts';
import { s3cmdCeiling } from '../../../../functions/backup/values/rules/s3cmd-ceiling.ts';
import { scratchSpace } from '../../../../functions/backup/values/rules/scratch-space.ts';
import { describeRule } from '../describe-rule.ts';
import { args, cron } from '../ordinary-values.ts';

const ARGS = 'gitlab.toolbox.backups.cron.extraArgs';
const DISK = 'gitlab.toolbox.backups.cron.persistence';
const disk = (yaml: string): string => cron(`persistence: { ${yaml} }`);

describeRule(scratchSpace, [
  { it: '400 GiB hold an archive of 120 GB three times', given: '', finds: [] },
  { it: '360 GB just do', given: disk('size: 360G'), finds: [] },
  {
    it: 'a byte less may run full',
    given: disk('size: "359999999999"'),
    finds: [`risk ${DISK}.size`],
    says: ['may run full'],
  },
  { it: 'twice may run full', given: disk('size: 240G'), finds: [`risk ${DISK}.size`] },
  {
    it: 'less than twice does',
    given: disk('size: 239G'),
    finds: [`trap ${DISK}.size`],
    says: ['It runs full', '120 GB', '360 GB'],
  },
  { it: 'a size that was deleted is not judged', given: disk('size: null'), finds: [] },
  { it: 'a volume that is there has its own size', given: disk('size: 10Gi, volumeName: big'), finds: [] },
  {
    it: 'of an archive of unknown size a volume is enough',
    given: disk('size: 10Gi'),
    knowing: { archiveBytes: undefined },
    finds: [],
  },
  {
    it: 'an emptyDir is none for 120 GB',
    given: disk('enabled: false'),
    finds: [`risk ${DISK}.enabled`],
    says: ['emptyDir', '360 GB'],
  },
  {
    it: 'nor for an unknown size',
    given: disk('enabled: false'),
    knowing: { archiveBytes: undefined },
    finds: [`risk ${DISK}.enabled`],
  },
  { it: 'it is for 3 GB', given: disk('enabled: false'), knowing: { archiveBytes: 3e9 }, finds: [] },
  {
    it: 'it is not for 4 GB',
    given: disk('enabled: false'),
    knowing: { archiveBytes: 4e9 },
    finds: [`risk ${DISK}.enabled`],
  },
]);

describeRule(restoreSpace, [
  { it: 'the toolbox has a disk of its own', given: '', finds: [] },
  {
    it: 'that of the CronJob does not count',
    given: 'gitlab: { toolbox: { persistence: { enabled: false } } }',
    finds: ['risk gitlab.toolbox.persistence.enabled'],
    says: ['unpacks'],
  },
  {
    it: 'it may be too small',
    given: 'gitlab: { toolbox: { persistence: { size: 100Gi } } }',
    finds: ['trap gitlab.toolbox.persistence.size'],
  },
]);

const CEILING = 10_000 * 15 * 1024 ** 2;
describeRule(s3cmdCeiling, [
  { it: 'awscli carries 2 TB', given: '', knowing: { archiveBytes: 2e12 }, finds: [] },
  {
    it: 's3cmd carries what its parts hold',
    given: args('--s3tool s3cmd'),
    knowing: { archiveBytes: CEILING },
    finds: [],
  },
  {
    it: 'and not a byte more',
    given: args('--s3tool s3cmd'),
    knowing: { archiveBytes: CEILING + 1 },
    finds: [`trap ${ARGS}`],
    says: ['157 GB'],
  },
  { it: 'it is the default', given: args(''), knowing: { archiveBytes: 2e12 }, finds: [`trap ${ARGS}`] },
  {
    it: 'larger parts carry more',
    given: args(''),
    knowing: { archiveBytes: 1e12, s3cmdPartBytes: 128 * 1024 ** 2 },
    finds: [],
  },
  {
    it: 'but not everything',
    given: args(''),
    knowing: { archiveBytes: 2e12, s3cmdPartBytes: 128 * 1024 ** 2 },
    finds: [`trap ${ARGS}`],
    says: ['1.3 TB'],
  },
  {
    it: 'only the upload matters',
    given: args('--s3tool-backup awscli --s3tool-data s3cmd'),
    knowing: { archiveBytes: 2e12 },
    finds: [],
  },
  { it: 'gcs has no s3cmd', given: args('--backend gcs'), knowing: { archiveBytes: 2e12 }, finds: [] },
  {
    it: 'of an unknown size nothing is said',
    given: args(''),
    knowing: { archiveBytes: undefined },
    finds: [],
  },
]);

describeRule(s3cmdArtifacts, [
  { it: 'awscli copies while it lists', given: '', finds: [] },
  { it: 's3cmd lists first', given: args(''), finds: [`risk ${ARGS}`] },
  { it: 'artifacts that are skipped do not expire meanwhile', given: args('--skip artifacts'), finds: [] },
  {
    it: 'the tool for data matters',
    given: args('--s3tool awscli --s3tool-data s3cmd'),
    finds: [`risk ${ARGS}`],
  },
  {
    it: 'without artifacts in a bucket there are none',
    given: `${args('')}\nglobal: { appConfig: { artifacts: { enabled: false } } }`,
    finds: [],
  },
]);
