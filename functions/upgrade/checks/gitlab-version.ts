import { compareMinors, type KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { Remedy } from '../../records/upgrade/finding.ts';
import type { WorkloadFact } from '../../records/upgrade/kubernetes-facts.ts';
import { defineCheck, type Verdict } from '../check.ts';
import { readImage } from './rules/image-reference.ts';
import { nameWorkload } from './rules/subject.ts';

/**
 * From which GitLab on its chart supports a Kubernetes version, oldest first. Source: GitLab documentation, cloud
 * native hybrid, supported Kubernetes versions.
 */
const SUPPORTED_FROM: readonly (readonly [KubernetesMinor, GitLabVersion])[] = [
  ['1.32', [17, 11]],
  ['1.33', [18, 1]],
  ['1.34', [18, 6]],
  ['1.35', [18, 9]],
  ['1.36', [19, 4]],
];

type GitLabVersion = readonly [major: number, minor: number];

/**
 * GitLab on the cluster against what it supports, by the tag of the image that serves it. It warns and does not
 * block: what GitLab has not tested need not fail, and no such failure is known. Support only grows with versions of
 * GitLab, so one that is too old for the last row is too old for what comes behind it; of any other nobody here knows.
 */
export const gitlabVersion = defineCheck({
  code: 'gitlab-version',
  title: 'GitLab on the cluster supports the new Kubernetes version',
  reads: ['workloads'],
  judge: ({ workloads }, { to }) =>
    workloads.flatMap((workload) => {
      const images = workload.images.filter((image) => GITLAB.test(readImage(image).path));
      const [image] = images;
      const verdict = image === undefined ? undefined : judgeImage(workload, image, to);
      return verdict ? [verdict] : [];
    }),
});

/** The web service of the chart, and the one image of a GitLab without it. */
const GITLAB = /(?:^|\/)gitlab-(?:webservice-)?(?:ee|ce)$/;

const LINK = 'https://docs.gitlab.com/charts/installation/cloud/';

const judgeImage = (workload: WorkloadFact, image: string, to: KubernetesMinor): Verdict | undefined => {
  const subject = `GitLab ${nameWorkload(workload)}`;
  const version = readVersion(readImage(image).tag);
  const evidence = [`image ${image}`];
  if (!version) {
    return {
      result: 'not-checked',
      subject,
      message: 'The tag of its image does not tell which version of GitLab it is.',
      remedy: { text: `Look whether the version you run supports ${to}.`, link: LINK },
      evidence,
    };
  }
  const running = version.join('.');
  const row = SUPPORTED_FROM.find(([kubernetes]) => kubernetes === to);
  const last = SUPPORTED_FROM.at(-1);
  if (row) {
    const [, needed] = row;
    if (!isOlder(version, needed)) return undefined;
    return {
      result: 'warn',
      subject,
      message: `It is GitLab ${running}, and ${to} is supported from ${needed.join('.')} on: GitLab has not tested the two together.`,
      remedy: upgradeTo(`GitLab ${needed.join('.')} or later`),
      evidence,
    };
  }
  if (!last || compareMinors(to, last[0]) < 0) return undefined;
  const [newest, from] = last;
  if (isOlder(version, from)) {
    return {
      result: 'warn',
      subject,
      message: `It is GitLab ${running}, too old for ${newest} already, which is supported from ${from.join('.')} on: GitLab has not tested it with ${to}.`,
      remedy: upgradeTo(`a GitLab that supports ${to}`),
      evidence,
    };
  }
  return {
    result: 'not-checked',
    subject,
    message: `It is GitLab ${running}; the table of supported versions that this check has ends with ${newest}, so it does not know whether GitLab has tested it with ${to}.`,
    remedy: { text: `Look which GitLab supports ${to}, and upgrade it first.`, link: LINK },
    evidence,
  };
};

const upgradeTo = (goal: string): Remedy => ({
  text: `Upgrade to ${goal} first, by GitLab's own upgrade path.`,
  link: 'https://docs.gitlab.com/update/upgrade_paths/',
});

/** `v18.5.1` of the chart's images, `18.5.1-ee.0` of the other. */
const readVersion = (tag: string): GitLabVersion | undefined => {
  const [, major, minor] = /^v?(\d+)\.(\d+)\.\d+/.exec(tag) ?? [];
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)];
};

const isOlder = ([major, minor]: GitLabVersion, [otherMajor, otherMinor]: GitLabVersion): boolean =>
  major < otherMajor || (major === otherMajor && minor < otherMinor);
