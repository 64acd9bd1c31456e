import { describe, expect, test } from 'vitest';
import { explain, VALID, withLine } from '../support/broken-configuration.ts';

test('the file of these tests is valid', () => {
  expect(explain(VALID)).toBe('valid');
});

describe('one wrong value', () => {
  test.each([
    [
      '      mode: act',
      '      mode: acct',
      'drydock.yaml:24:13 deployment.targets.web.mode: "acct" is not allowed; allowed: observe, act. Did you mean "act"?',
    ],
    [
      '      mode: act',
      '      moed: act',
      'drydock.yaml:24:7 deployment.targets.web.moed: is not known here; allowed: environment, workload, container, initContainer, image, policy, mode, takeOwnership, rollback, watch. Did you mean "mode"?',
    ],
    ['version: 1', 'version: 2', 'drydock.yaml:1:10 version: 2 is not allowed; allowed: 1'],
    [
      "    account: '123456789012'",
      '    account: 012345678901',
      'drydock.yaml:4:14 sites.main.account: must be a text, and YAML takes it for a number: write it in quotes, "012345678901"',
    ],
    ['    region: eu-central-1', '', 'drydock.yaml:3:3 sites.main.region: is missing'],
    [
      '    region: eu-central-1',
      '    region:',
      'drydock.yaml:5:12 sites.main.region: must be a text, and is empty',
    ],
    [
      '    region: eu-central-1',
      '    region: Frankfurt',
      'drydock.yaml:5:13 sites.main.region: "Frankfurt" must be an AWS region, such as "eu-central-1"',
    ],
    [
      '    region: eu-central-1',
      '    region: eu-central-1\n    webhok: { exposure: public }',
      'drydock.yaml:6:5 sites.main.webhok: is not known here; allowed: account, region, network, webhook, permissionsBoundary, rolePath, bootstrapQualifier, logRetentionDays, notifications. Did you mean "webhook"?',
    ],
    [
      '    region: eu-central-1',
      '    region: eu-central-1\n    webhook: { exposure: privat }',
      'drydock.yaml:6:26 sites.main.webhook.exposure: "privat" is not allowed; allowed: none, public, private. Did you mean "private"?',
    ],
    [
      '    region: eu-central-1',
      '    region: eu-central-1\n    webhook: { exposure: public, vpcEndpoint: vpce-1 }',
      'drydock.yaml:6:34 sites.main.webhook.vpcEndpoint: is not known here; allowed: exposure, throttle',
    ],
    [
      '    region: eu-central-1',
      '    region: eu-central-1\n    logRetentionDays: 31',
      /^drydock\.yaml:6:23 sites\.main\.logRetentionDays: 31 is not allowed; allowed: 1, 3, 5, 7, 14, 30, /,
    ],
    [
      '    cluster: { name: shop }',
      '    cluster: shop',
      'drydock.yaml:8:14 environments.staging.cluster: must be a map',
    ],
    [
      '  staging:',
      '  Staging:',
      /^drydock\.yaml:7:3 environments\.Staging: this name cannot be used: a name has 1 to 40 characters/,
    ],
    [
      '    kind: native',
      '    kind: harbour',
      'drydock.yaml:14:11 sources.pipelines.kind: "harbour" is not allowed; allowed: distribution, native',
    ],
    [
      '    kind: native',
      '',
      'drydock.yaml:13:3 sources.pipelines.kind: is missing; allowed: distribution, native',
    ],
    [
      '      policy: { type: semver, range: ^1.0.0 }',
      '      policy: { type: semvre, range: ^1.0.0 }',
      /^drydock\.yaml:23:23 deployment\.targets\.web\.policy\.type: "semvre" is not allowed; allowed: .*Did you mean "semver"\?$/,
    ],
    [
      '      container: web',
      '',
      'drydock.yaml:18:5 deployment.targets.web: needs the name of a container: write container (or initContainer)',
    ],
    [
      '      container: web',
      '      container: web\n      initContainer: migrate',
      'drydock.yaml:18:5 deployment.targets.web: names both container and initContainer; a target is one of them',
    ],
    [
      '      image: registry.example.com/shop/web',
      '      image: registry.example.com/shop/web:1.2.0',
      'drydock.yaml:22:14 deployment.targets.web.image: "registry.example.com/shop/web:1.2.0" must stand without tag and digest: the policy chooses the tag, Drydock pins the digest',
    ],
    [
      '      image: registry.example.com/shop/web',
      '      image: nginx',
      'drydock.yaml:22:14 deployment.targets.web.image: "nginx" must be written in full: "docker.io/library/nginx"',
    ],
    [
      '      workload: { kind: Deployment, namespace: shop, name: web }',
      '      workload: { kind: Deployment, namespace: kube-system, name: web }',
      'drydock.yaml:20:48 deployment.targets.web.workload.namespace: "kube-system" is a namespace of the cluster itself, in which Drydock has no rights',
    ],
    [
      '      workload: { kind: Deployment, namespace: shop, name: web }',
      '      workload: { kind: CronJob, namespace: shop, name: web }\n      rollback: auto',
      'drydock.yaml:21:17 deployment.targets.web.rollback: "auto" is not possible for a CronJob, which has no rollout to judge; allowed: report, never',
    ],
    [
      '      mode: act',
      '      mode: act\n      watch: { deadlineSeconds: 5 }',
      'drydock.yaml:25:33 deployment.targets.web.watch.deadlineSeconds: 5 must be at least 10',
    ],
    [
      '      mode: act',
      '      mode: act\n      watch: { deadlineSeconds: 80000, pollSeconds: 10 }',
      'drydock.yaml:18:5 deployment.targets.web: a deadline of 80000 s in polls of 10 s makes 8000 watches, and one execution has room for 1000; raise pollSeconds or lower deadlineSeconds',
    ],
    [
      '    host: registry.example.com',
      '    host: https://registry.example.com',
      /^drydock\.yaml:11:11 registries\.gitlab\.host: "https:\/\/registry\.example\.com" must be the host as it stands/,
    ],
    [
      '    host: registry.example.com',
      '    host: registry.example.com\n    url: http://registry.example.com',
      /^drydock\.yaml:12:10 registries\.gitlab\.url: "http:\/\/registry\.example\.com" must be an https URL/,
    ],
  ])('%s → %s', (line, replacement, message) => {
    expect(explain(withLine(line, replacement))).toMatch(message);
  });

  test('exactly those of the table, nothing more, is said', () => {
    expect(explain(withLine('      mode: act', '      mode: acct')).split('\n')).toHaveLength(1);
  });
});

describe('references', () => {
  test.each([
    [
      '      environment: staging',
      '      environment: stagin',
      'drydock.yaml:19:20 deployment.targets.web.environment: "stagin" is no environment of this file; known: staging. Did you mean "staging"?',
    ],
    [
      '    cluster: { name: shop }',
      '    cluster: { name: shop }\n    site: berlin',
      'drydock.yaml:9:11 environments.staging.site: "berlin" is no site of this file; known: main',
    ],
    [
      '    region: eu-central-1',
      "    region: eu-central-1\n  other: { account: '123456789012', region: eu-west-1 }",
      'drydock.yaml:8:3 environments.staging: needs a site, since there are several; known: main, other',
    ],
    [
      '    kind: native',
      '    kind: distribution\n    registry: gitlub',
      'drydock.yaml:15:15 sources.pipelines.registry: "gitlub" is no registry of this file; known: gitlab. Did you mean "gitlab"?',
    ],
    [
      '      image: registry.example.com/shop/web',
      '      image: registry.example.org/shop/web',
      'drydock.yaml:22:14 deployment.targets.web.image: "registry.example.org" is no registry host of this file; known: registry.example.com. Did you mean "registry.example.com"?',
    ],
    [
      '    host: registry.example.com',
      '    host: registry.example.com\n  again:\n    host: registry.example.com',
      'drydock.yaml:13:11 registries.again.host: "registry.example.com" is the host of "gitlab" already',
    ],
    [
      '      mode: act',
      `      mode: act
    twin:
      environment: staging
      workload: { kind: Deployment, namespace: shop, name: web }
      container: web
      image: registry.example.com/shop/web
      policy: { type: digest, tag: latest }`,
      'drydock.yaml:25:5 deployment.targets.twin: sets the same container of the same workload as "web"; two targets would undo each other',
    ],
  ])('%s → %s', (line, replacement, message) => {
    expect(explain(withLine(line, replacement)).split('\n')).toContain(message);
  });
});
