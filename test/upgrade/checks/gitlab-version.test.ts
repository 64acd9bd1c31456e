import { gitlabVersion } from '../../../functions/upgrade/checks/gitlab-version.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildGitLab, buildWorkloadFact, topicOf } from '../../support/upgrade-facts.ts';

const running = (tag: string, path = 'registry.gitlab.com/gitlab-org/build/cng/gitlab-webservice-ee') => ({
  workloads: topicOf(buildGitLab({ images: [`${path}${tag}`] })),
});
const SUBJECT = 'GitLab Deployment gitlab/gitlab-webservice-default';

/** The first GitLab that supports a version, and the last that does not. */
const FIRST: readonly (readonly [to: string, first: string, before: string])[] = [
  ['1.32', '17.11.0', '17.10.9'],
  ['1.33', '18.1.0', '18.0.9'],
  ['1.34', '18.6.0', '18.5.9'],
  ['1.35', '18.9.0', '18.8.9'],
  ['1.36', '19.4.0', '19.3.9'],
];

describeCheck(gitlabVersion, [
  {
    it: 'passes a cluster without GitLab',
    given: { workloads: topicOf(buildWorkloadFact()) },
    to: '1.40',
    finds: [],
  },
  ...FIRST.map(([to, first]) => ({
    it: `passes GitLab ${first} on the way to ${to}`,
    given: running(`:v${first}`),
    to,
    finds: [],
  })),
  ...FIRST.map(([to, , before]) => ({
    it: `warns of GitLab ${before} on the way to ${to}`,
    given: running(`:v${before}`),
    to,
    finds: [`warn ${SUBJECT}`],
    says: ['not tested the two together'],
  })),
  { it: 'passes a newer major', given: running(':v20.0.0'), finds: [] },
  {
    it: 'says from which GitLab on the version is supported',
    given: running(':v18.5.1'),
    finds: [`warn ${SUBJECT}`],
    says: ['GitLab 18.5', '19.4'],
  },
  { it: 'says nothing of versions from before its table', given: running(':v15.0.0'), to: '1.31', finds: [] },
  {
    it: 'does not check what lies beyond its table, for nobody here knows',
    given: running(':v19.4.2'),
    to: '1.37',
    finds: [`not-checked ${SUBJECT}`],
    says: ['ends with 1.36', 'Look which GitLab supports 1.37'],
  },
  {
    it: 'does not know it of a later one, either',
    given: running(':v21.0.0'),
    to: '1.38',
    finds: [`not-checked ${SUBJECT}`],
  },
  {
    it: 'warns beyond its table of what is too old for the end of it already',
    given: running(':v19.3.9'),
    to: '1.37',
    finds: [`warn ${SUBJECT}`],
    says: ['GitLab 19.3, too old for 1.36 already', 'from 19.4 on'],
  },
  {
    it: 'says one thing of a way that leads out of its table, what it knows',
    given: running(':v19.3.9'),
    current: '1.35',
    to: '1.37',
    finds: [`warn ${SUBJECT}`],
    says: ['1.36 is supported from 19.4 on'],
  },
  {
    it: 'knows the community edition and another registry with a port',
    given: running(':v18.5.1', 'mirror.example.com:5000/gitlab-webservice-ce'),
    finds: [`warn ${SUBJECT}`],
  },
  {
    it: 'knows the one image of a GitLab without the chart',
    given: running(':18.5.1-ee.0', 'gitlab/gitlab-ee'),
    finds: [`warn ${SUBJECT}`],
  },
  {
    it: 'does not check an image that is named by digest alone',
    given: running('@sha256:0123'),
    finds: [`not-checked ${SUBJECT}`],
  },
  { it: 'reads the tag beside a digest', given: running(':v19.4.2@sha256:0123'), finds: [] },
  {
    it: 'does not take its runner for GitLab',
    given: running(':v17.0.0', 'registry.gitlab.com/gitlab-org/gitlab-runner'),
    finds: [],
  },
]);
