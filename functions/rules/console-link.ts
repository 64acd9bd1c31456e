/** Where a person sees an execution: the Step Functions console of the account and region that its ARN names. */
export const linkExecution = (arn: string): string => {
  const region = arn.split(':')[3] ?? 'us-east-1';
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${arn}`;
};
