import { Aspects, type IAspect, Stack } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { type NamedSite, siteOf } from '../site.ts';

/**
 * Puts the path and the permissions boundary of the site on every role below `scope`, also on those that CDK makes
 * by itself: an account that asks for them refuses the first role without.
 */
export const applyRoleSettings = (scope: IConstruct): void => {
  Aspects.of(scope).add(new RoleSettings(siteOf(scope)));
};

class RoleSettings implements IAspect {
  private readonly site: NamedSite;

  constructor(site: NamedSite) {
    this.site = site;
  }

  visit(node: IConstruct): void {
    if (!(node instanceof CfnRole)) return;
    const { rolePath, permissionsBoundary } = this.site;
    if (rolePath !== undefined) node.path = rolePath;
    if (permissionsBoundary !== undefined) node.permissionsBoundary = toArn(node, permissionsBoundary);
  }
}

const toArn = (scope: IConstruct, policy: string): string =>
  policy.startsWith('arn:')
    ? policy
    : Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'policy', resourceName: policy });
