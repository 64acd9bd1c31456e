import { stackName } from '../../records/stack-name.ts';
import { RefusedError, TransientError } from '../../runtime/errors.ts';
import { type Check, fail, notChecked, pass } from './check.ts';
import type { SiteSubject } from './subject.ts';

/** What a run needs of a site: an account we are signed in to, a stack, somebody who listens, a key that works. */
export const siteChecks: readonly Check<SiteSubject>[] = [
  {
    name: 'identity',
    async run({ site, aws }) {
      const found = await aws.readIdentity().catch((error: unknown) => {
        if (error instanceof TransientError) return notChecked(error.message, reachSts(site.region));
        throw error;
      });
      if ('state' in found) return found;
      const { account, arn } = found;
      if (account === site.account) return pass(arn);
      return notChecked(
        `you are ${arn}, and this site is account ${site.account}`,
        `Sign in to account ${site.account} (AWS_PROFILE=...), or leave this site out with --site.`,
      );
    },
  },
  {
    name: 'stack',
    needs: ['identity'],
    async run({ name, site, outputs }) {
      const found = await outputs();
      if (found) return pass(stackName(name));
      return fail(`there is no stack ${stackName(name)} in ${site.region}`, 'npm run deploy');
    },
  },
  {
    name: 'topic',
    needs: ['stack'],
    async run({ name, site, aws, outputs }) {
      const arn = (await outputs())?.['TopicArn'];
      const topic = arn === undefined ? undefined : await aws.readTopic(arn);
      if (arn === undefined || !topic) {
        return fail(`the topic of stack ${stackName(name)} is gone`, 'npm run deploy');
      }
      if (topic.confirmed > 0) return pass(`${topic.confirmed} subscribed`);
      if (topic.pending > 0) {
        return fail(
          `${topic.pending} subscribed and none confirmed, so nobody is told anything`,
          'Open the mail "AWS Notification - Subscription Confirmation" and confirm.',
        );
      }
      return fail(
        'nobody is subscribed, so nobody is told anything',
        `aws sns subscribe --region ${site.region} --topic-arn ${arn} --protocol email --notification-endpoint <mail address>`,
      );
    },
  },
  {
    name: 'ledger',
    needs: ['stack'],
    async run({ name, aws, outputs }) {
      const bucket = (await outputs())?.['LedgerBucketName'];
      if (bucket !== undefined && (await aws.hasBucket(bucket))) return pass(bucket);
      return fail(
        `the ledger of stack ${stackName(name)}, bucket ${bucket ?? 'unknown'}, is gone`,
        'npm run deploy',
      );
    },
  },
  {
    name: 'key',
    needs: ['stack'],
    async run({ name, site, aws, outputs }) {
      const key = (await outputs())?.['KeyArn'];
      if (key === undefined) return fail(`stack ${stackName(name)} tells no key`, 'npm run deploy');
      try {
        await aws.useKey(key);
        return pass(key);
      } catch (error) {
        if (!(error instanceof RefusedError) || error.code !== 'aws.refused') throw error;
        return fail(
          `the key of ledger and topic encrypts nothing: ${error.message}`,
          `aws kms enable-key --region ${site.region} --key-id ${key} (after aws kms cancel-key-deletion, if it is to be deleted)`,
        );
      }
    },
  },
];

/** Every token for a cluster is checked through STS; without it nothing else can be done. */
const reachSts = (region: string): string =>
  `Let this terminal, and the network of the site, out on TCP 443 to sts.${region}.amazonaws.com; in a VPC without a ` +
  `way out, by an interface endpoint: aws ec2 create-vpc-endpoint --region ${region} --vpc-endpoint-type Interface ` +
  `--service-name com.amazonaws.${region}.sts --vpc-id <vpc> --subnet-ids <subnets> --security-group-ids <groups>`;
