import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { parse } from 'yaml';
import * as z from 'zod';

/** A resource as CloudFormation holds it now. */
export interface DeployedResource {
  readonly logicalId: string;
  /** What the service calls it: the name of a bucket, the id of a key. */
  readonly physicalId: string;
  /** Such as `AWS::S3::Bucket`. */
  readonly type: string;
  /** Does it stay when the stack goes? */
  readonly isRetained: boolean;
}

const Template = z.object({
  Resources: z.record(z.string(), z.object({ DeletionPolicy: z.string().optional() })),
});

/** Policies under which CloudFormation leaves a resource of a stack that it deletes. */
const RETAINING = new Set(['Retain', 'RetainExceptOnCreate']);

/**
 * Reads what a stack really consists of: the resources that are there, and the template it was last deployed from,
 * which may be older than the one of this checkout.
 *
 * @returns undefined when there is no stack of this name.
 * @throws what the SDK throws when CloudFormation cannot be asked.
 */
export const readDeployedStack = async (
  name: string,
  region: string,
): Promise<readonly DeployedResource[] | undefined> => {
  const client = new CloudFormationClient({ region });
  try {
    // By name, a stack that was deleted is not found; its template is, for a while.
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    if (!stack || stack.StackStatus === 'DELETE_COMPLETE') return undefined;
    const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName: name }));
    // JSON when CDK deployed it; YAML reads both.
    const template = Template.parse(parse(TemplateBody));
    const resources: DeployedResource[] = [];
    for await (const page of paginateListStackResources({ client }, { StackName: name })) {
      for (const summary of page.StackResourceSummaries ?? []) {
        const { LogicalResourceId: logicalId = '', PhysicalResourceId: physicalId = '' } = summary;
        if (summary.ResourceStatus === 'DELETE_COMPLETE') continue;
        const policy = template.Resources[logicalId]?.DeletionPolicy ?? 'Delete';
        resources.push({
          logicalId,
          physicalId,
          type: summary.ResourceType ?? '',
          isRetained: RETAINING.has(policy),
        });
      }
    }
    return resources;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** CloudFormation has no error of its own for a stack that is not there. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist');
