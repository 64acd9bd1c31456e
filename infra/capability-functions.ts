import type { Construct } from 'constructs';
import type * as z from 'zod';
import { functionId } from './constructs/function-id.ts';
import { type EnvironmentOf, NodeLambda, type NodeLambdaProps } from './constructs/node-lambda.ts';
import type { SiteResources } from './site-resources.ts';

/** What a Lambda of a capability says of itself beside its code and its variables. */
export type FunctionOptions = Pick<
  NodeLambdaProps<z.ZodObject>,
  'description' | 'timeout' | 'memory' | 'role' | 'network' | 'reservedConcurrency'
>;

/** Makes Lambdas of a capability in a scope, and knows the variables that most of them take. */
export const prepareFunctions = (
  scope: Construct,
  capability: 'deployment' | 'upgrade' | 'backup',
  { layer, ledger, topic }: SiteResources,
) => {
  const records = { LEDGER_BUCKET: ledger.bucket.bucketName };
  const make = <Env extends z.ZodObject>(
    name: string,
    contract: { readonly Env: Env },
    environment: EnvironmentOf<NoInfer<Env>>,
    options: FunctionOptions,
  ): NodeLambda<Env> =>
    new NodeLambda(scope, functionId(name), {
      entry: `${capability}/${name}`,
      contract,
      environment,
      configuration: layer,
      ...options,
    });
  return { records, tells: { ...records, TOPIC_ARN: topic.topic.topicArn }, make };
};
