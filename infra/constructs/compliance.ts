import { type App, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';

/** Makes synth fail on any finding of cdk-nag that nobody acknowledged. */
export const checkCompliance = (app: App): void => {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
};

/** Accepts one finding of cdk-nag on a construct and what lies below it, with the reason why it is right here. */
export const acknowledge = (scope: IConstruct, id: string, reason: string): void => {
  Validations.of(scope).acknowledge({ id, reason });
};

/** Accepts that a policy of this construct names a resource with a wildcard, such as the objects below a prefix. */
export const acknowledgeWildcard = (scope: IConstruct, resource: string, reason: string): void => {
  acknowledge(scope, `AwsSolutions-IAM5[Resource::${flatten(Stack.of(scope).resolve(resource))}]`, reason);
};

/** The form in which cdk-nag names a resource in a finding: references as `<LogicalId.Attribute>`. */
const flatten = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(flatten).join('');
  if (typeof value !== 'object' || value === null) return '';
  const [entry] = Object.entries(value);
  if (!entry) return '';
  const [intrinsic, argument]: [string, unknown] = entry;
  const parts: unknown[] = Array.isArray(argument) ? argument : [argument];
  if (intrinsic === 'Fn::Join') return flatten(parts[1]);
  if (intrinsic === 'Ref') return `<${flatten(parts)}>`;
  return `<${parts.map(flatten).join('.')}>`;
};
