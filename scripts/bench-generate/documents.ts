/** A document to compile, and where to find it. */
export interface BenchDocument {
  readonly name: string
  /** Relative to the repository. */
  readonly file: string
}

const corpus = '../shared/corpus'

/** From small to large; what is not there is named and left out. */
export const benchDocuments: readonly BenchDocument[] = [
  { name: 'our petstore', file: 'specs/petstore.yaml' },
  { name: 'petstore', file: `${corpus}/documents/swagger-petstore.yaml` },
  { name: 'train-travel', file: `${corpus}/documents/train-travel/openapi.yaml` },
  { name: 'zoom (2.0)', file: `${corpus}/documents/zoom.v2.json` },
  { name: 'openai', file: `${corpus}/documents/openai.yaml` },
  { name: 'stripe', file: `${corpus}/documents/stripe.json` },
  { name: 'github', file: `${corpus}/documents/github-rest-api.json` },
  { name: 'digitalocean (2,872 files)', file: `${corpus}/documents/digitalocean/DigitalOcean-public.v2.yaml` },
  { name: 'plaid', file: `${corpus}/large/plaid.yml` },
  { name: 'aws-ec2', file: `${corpus}/documents/aws-ec2.json` },
  { name: 'mailchimp', file: `${corpus}/large/mailchimp.json` },
  { name: 'onf-tapi (1,648 operations)', file: `${corpus}/large/onf-tapi-connectivity.v2.yaml` },
]
