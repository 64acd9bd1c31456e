/** The partition of AWS that a region belongs to, as ARNs begin. Source: IAM User Guide, "IAM identifiers". */
export const partitionOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
};
