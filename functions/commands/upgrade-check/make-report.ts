import { siteOf } from '../../records/configuration/lookup.ts';
import { readConfigurationFile } from '../../records/configuration/parse-configuration.ts';
import { formatProblems } from '../../records/configuration/problem.ts';
import { defaultUpgradeSettings, Upgrade } from '../../records/configuration/upgrade.ts';
import type { Configuration } from '../../records/configuration.ts';
import { type KubernetesMinor, readMinor } from '../../records/kubernetes-version.ts';
import { RefusedError } from '../../runtime/errors.ts';
import { chooseTarget, judgeTarget } from '../../upgrade/check-target.ts';
import { type ClusterSubject, findSubject, listSubjects } from '../../upgrade/cluster-subjects.ts';
import { refreshInsights } from '../../upgrade/collectors/aws-insights.ts';
import { collectAll } from '../../upgrade/reading/collect-all.ts';
import type { FactSources } from '../../upgrade/reading/collection.ts';
import { mergeFacts } from '../../upgrade/reading/fact-merge.ts';
import { composeReport } from '../../upgrade/report/compose-report.ts';
import { judgeFiles } from './files-only.ts';
import { factsOfCharts, findManifests, type GivenManifests, hintCharts } from './given-manifests.ts';
import type { Options } from './options.ts';
import { type MadeReport, type UpgradeCheckTools, UsageError, type UserCluster } from './tools.ts';

/** From what was written on the command line to a report. */

/**
 * Collects and judges.
 *
 * @throws UsageError, and RefusedError or TransientError when the check cannot run.
 */
export const makeReport = async (options: Options, tools: UpgradeCheckTools): Promise<MadeReport> => {
  const configuration = await readSettings(options.ignoreFile);
  const manifests =
    options.manifests.length > 0 ? await findManifests(options.manifests, tools.readStdin) : undefined;
  try {
    return options.filesOnly && manifests && options.target !== undefined
      ? await judgeFiles(manifests, options.target, configuration?.upgrade?.ignore ?? [], tools)
      : await judgeCluster(options, tools, configuration, manifests);
  } finally {
    tools.showProgress('');
  }
};

const readSettings = async (file: string | undefined): Promise<Configuration | undefined> => {
  if (file === undefined) return undefined;
  const parsed = await readConfigurationFile(file);
  if (!parsed.ok) throw new UsageError(formatProblems(parsed.problems));
  return parsed.configuration;
};

const judgeCluster = async (
  options: Options,
  tools: UpgradeCheckTools,
  configuration: Configuration | undefined,
  manifests: GivenManifests | undefined,
): Promise<MadeReport> => {
  const { clock, checks, showProgress } = tools;
  // What only reads is the default: a refresh is work for EKS, and may take a minute of the person's.
  const collectors = tools.collectors.filter((collector) => options.refresh || collector !== refreshInsights);
  const own = tools.openCluster(options);
  showProgress(`Asking ${own.context} for its version`);
  const current = await readVersion(own);
  const cluster = options.cluster ?? own.eks.cluster;
  const region = options.region ?? own.eks.region ?? tools.region;
  const aws = cluster !== undefined && region !== undefined ? tools.openAws(region, own.profile) : undefined;
  const subject =
    configuration && cluster ? findSubject(listSubjectsIn(configuration, region), cluster) : undefined;
  const settings = (subject && subject.settings) || defaultUpgradeSettings();
  const target = chooseTarget({ asked: options.target, configured: settings.target, current });
  const verdict = judgeTarget(target, current, []);
  if (!verdict.ok) throw new UsageError(verdict.reason);
  const sources: FactSources = {
    kubernetes: own.kubernetes,
    clock,
    ...aws,
    ...(manifests && { manifests: manifests.source }),
  };
  const helmNamespaces = options.helmNamespaces ?? settings.helmNamespaces;
  const task = {
    cluster: cluster ?? own.context,
    current,
    target,
    settings: { helmNamespaces: helmNamespaces === 'all' ? helmNamespaces : [...helmNamespaces] },
  };
  const facts = await collectAll(collectors, sources, task, NEVER, ({ done, total, reading }) =>
    showProgress(`${done} of ${total} read; reading ${reading.join(', ')}`),
  );
  const { ignore, extendedSupportUsdPerHour } = configuration?.upgrade ?? Upgrade.parse({});
  const report = composeReport(mergeFacts(facts, factsOfCharts(manifests?.charts ?? [])), {
    cluster: task.cluster,
    current,
    target,
    checks,
    ignore,
    now: clock.now(),
    region: region ?? '<region>',
    environments: (subject && subject.environments) || [],
    surchargePerHour: extendedSupportUsdPerHour,
  });
  return {
    report,
    hints: [
      ...(aws ? [] : [NO_AWS]),
      ...(helmNamespaces.length === 0 ? [NO_HELM] : []),
      ...hintCharts(manifests?.charts ?? []),
    ],
  };
};

/**
 * The clusters of one region: another site may have one of the same name, whose exceptions are none of this one's.
 *
 * @param region undefined when nobody knows it: then all of them.
 */
const listSubjectsIn = (configuration: Configuration, region: string | undefined): ClusterSubject[] => {
  const environments = Object.entries(configuration.environments).filter(
    ([, environment]) => region === undefined || siteOf(configuration, environment)?.region === region,
  );
  return listSubjects({ ...configuration, environments: Object.fromEntries(environments) });
};

/** Whoever waits too long presses Ctrl-C. */
const NEVER = new AbortController().signal;

const NO_AWS =
  'EKS was not asked: the kubeconfig names no EKS cluster. With --cluster and --region it is, with your AWS credentials.';
const NO_HELM = 'Helm releases were not read: --all-helm, or --helm-namespace <name>, reads them.';

const readVersion = async ({ kubernetes, context }: UserCluster): Promise<KubernetesMinor> => {
  const version = await kubernetes.readVersion();
  const current = readMinor(version);
  if (current !== undefined) return current;
  throw new RefusedError(
    'cluster.version',
    `The API server of ${context} says it is ${version}, which is no version.`,
  );
};
