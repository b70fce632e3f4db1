export const PRIVACY =
  'Your images stay in this tab: nothing is uploaded. Only weights are downloaded, from this app’s server or the Hugging Face hub.';
