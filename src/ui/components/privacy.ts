export const PRIVACY =
  'Your images stay in this tab: nothing is uploaded. Only weights are downloaded, from this app’s server or the Hugging Face hub. Query vectors go to the server that you started only if you search its gallery.';
