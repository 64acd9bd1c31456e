import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { UNSENT_PREFIX } from '../functions/records/message.ts';
import { COLLECTION_PREFIX } from '../functions/records/upgrade/facts.ts';
import { acknowledgeWildcard } from './constructs/compliance.ts';
import { makeLambdaRole } from './constructs/node-lambda.ts';
import { grantReadSecrets } from './constructs/secret-rights.ts';
import { listClusters, type SiteResources } from './site-resources.ts';
import type { CheckFunctions } from './upgrade-functions.ts';

/** What the capability keeps in the ledger, and the parts of it that single functions work on. */
const REPORTS = 'upgrade/reports/';
const PAGES = 'upgrade/pages/';
const CLUSTERS = 'upgrade/clusters/';
const MANIFESTS = 'upgrade/manifests/';
const MESSAGES = 'messages/';

/** Reads of EKS by what they are about (service authorization reference, "Actions defined by Amazon EKS"). */
const OF_CLUSTER = [
  'eks:DescribeCluster',
  'eks:DescribeInsight',
  'eks:DescribeInsightsRefresh',
  'eks:ListAddons',
  'eks:ListFargateProfiles',
  'eks:ListInsights',
  'eks:ListNodegroups',
];
const OF_UPDATES = ['eks:DescribeUpdate', 'eks:ListUpdates'];
const OF_PARTS: Readonly<Record<string, string>> = {
  addon: 'eks:DescribeAddon',
  fargateprofile: 'eks:DescribeFargateProfile',
  nodegroup: 'eks:DescribeNodegroup',
};
/** Calendars and catalogues are nobody's. */
const OF_EKS = ['eks:DescribeAddonVersions', 'eks:DescribeClusterVersions'];
/** Reads of EC2 and quotas, which IAM cannot narrow to what a cluster uses. */
const OF_ACCOUNT = [
  'ec2:DescribeInstances',
  'ec2:DescribeLaunchTemplateVersions',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVolumes',
  'servicequotas:GetAWSDefaultServiceQuota',
  'servicequotas:GetServiceQuota',
];

/**
 * The one role that looks at clusters and what they stand on: one access entry names it, the can/cannot table is about
 * it, and it can change nothing but ask EKS to judge its insights anew.
 */
export const makeReadRole = (scope: Construct, resources: SiteResources): Role => {
  const role = makeLambdaRole(scope, 'ReadRole');
  grantReadEks(role, listClusters(resources));
  grantRefreshInsights(role, listClusters(resources));
  grantReadAccount(role);
  resources.ledger.grantReadWrite(role, COLLECTION_PREFIX);
  resources.ledger.grantRead(role, MANIFESTS);
  return role;
};

/** What clusters stand on: subnets, quotas, roles, keys. */
export const grantReadAccount = (role: Role): void => {
  const { formatArn } = arnsOf(role);
  allow(role, OF_ACCOUNT, ['*']);
  allow(role, ['iam:GetRole'], [formatArn('iam', 'role/*')], ROLE_REASON);
  allow(role, ['kms:DescribeKey'], [formatArn('kms', 'key/*')], KEY_REASON);
};

/** Everything that EKS tells about these clusters, their parts and its own versions. */
export const grantReadEks = (role: Role, clusters: readonly string[]): void => {
  const { formatArn } = arnsOf(role);
  const own = clusters.map((cluster) => formatArn('eks', `cluster/${cluster}`));
  allow(role, OF_CLUSTER, own);
  for (const [part, action] of Object.entries(OF_PARTS)) {
    allow(role, [action], partsOf(clusters, part, formatArn), PARTS_REASON);
  }
  allow(role, OF_UPDATES, [
    ...own,
    ...partsOf(clusters, 'addon', formatArn),
    ...partsOf(clusters, 'nodegroup', formatArn),
  ]);
  allow(role, OF_EKS, ['*']);
};

/** Has EKS judge these clusters anew; it changes nothing in them, and is work for EKS. */
export const grantRefreshInsights = (role: Role, clusters: readonly string[]): void => {
  const { formatArn } = arnsOf(role);
  allow(
    role,
    ['eks:StartInsightsRefresh'],
    clusters.map((cluster) => formatArn('eks', `cluster/${cluster}`)),
  );
};

/** The three calls that change a version, on these clusters and no others. */
export const grantUpdateEks = (role: Role, clusters: readonly string[]): void => {
  const { formatArn } = arnsOf(role);
  allow(
    role,
    ['eks:UpdateClusterVersion'],
    clusters.map((cluster) => formatArn('eks', `cluster/${cluster}`)),
  );
  allow(role, ['eks:UpdateAddon'], partsOf(clusters, 'addon', formatArn), PARTS_REASON);
  allow(role, ['eks:UpdateNodegroupVersion'], partsOf(clusters, 'nodegroup', formatArn), PARTS_REASON);
};

const allow = (role: Role, actions: readonly string[], on: readonly string[], why?: string): void => {
  if (on.length === 0) return;
  role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...on] }));
  if (why !== undefined) for (const one of on) acknowledgeWildcard(role, one, why);
};

const PARTS_REASON =
  'Add-ons, node groups and Fargate profiles come and go between two deploys of this stack.';
const ROLE_REASON = 'Which role a cluster has, only EKS knows; a role is read, never changed or taken.';
const KEY_REASON =
  'Which key encrypts the Secrets of a cluster, only EKS knows; nothing is decrypted with it.';

type FormatArn = (service: string, resource: string) => string;

const arnsOf = (scope: Construct): { formatArn: FormatArn } => ({
  formatArn: (service, resource) =>
    Stack.of(scope).formatArn({
      service,
      ...(service === 'iam' ? { region: '' } : {}),
      resource: resource.slice(0, resource.indexOf('/')),
      resourceName: resource.slice(resource.indexOf('/') + 1),
    }),
});

const partsOf = (clusters: readonly string[], part: string, formatArn: FormatArn): string[] =>
  clusters.map((cluster) => formatArn('eks', `${part}/${cluster}/*`));

/** Gives each function of the check machines the rights of its step. */
export const grantCheckRights = (resources: SiteResources, functions: CheckFunctions): void => {
  const { ledger, topic } = resources;
  const { planChecks, judgeCluster, tellReport } = functions;
  const clusters = listClusters(resources).map((cluster) =>
    arnsOf(planChecks).formatArn('eks', `cluster/${cluster}`),
  );
  if (clusters.length > 0) {
    planChecks.role.addToPolicy(
      new PolicyStatement({ actions: ['eks:DescribeCluster'], resources: clusters }),
    );
  }
  planChecks.role.addToPolicy(
    new PolicyStatement({ actions: ['eks:DescribeClusterVersions'], resources: ['*'] }),
  );

  ledger.grantRead(judgeCluster.role, COLLECTION_PREFIX);
  ledger.grantReadWrite(judgeCluster.role, REPORTS, CLUSTERS);
  ledger.grantWrite(judgeCluster.role, PAGES);

  ledger.grantRead(tellReport.role, REPORTS);
  ledger.grantReadWrite(tellReport.role, CLUSTERS);
  grantReadSecrets(tellReport.role, listIssueSecrets(resources));

  for (const { role } of [planChecks, tellReport, functions.tellUnchecked, functions.handleFailure]) {
    ledger.grantReadWrite(role, MESSAGES);
    ledger.grantRemove(role, UNSENT_PREFIX);
    topic.grantPublish(role);
  }
};

/** The tokens with which issues are kept. */
const listIssueSecrets = ({ configuration }: SiteResources): string[] => [
  ...new Set(
    Object.values(configuration.upgrade?.environments ?? {}).flatMap(({ gitlab }) =>
      gitlab?.issue ? [gitlab.token.secret] : [],
    ),
  ),
];
