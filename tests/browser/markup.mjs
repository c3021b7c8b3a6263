// Whether every page is valid HTML.
import { HtmlValidate, StaticConfigLoader } from "html-validate";

const RULES = {
  // A title is as long as its caption's first line, cut at 60 characters, and the site's name.
  "long-title": "off",
  // What a picture says of itself is a custom property, such as its ratio; nothing else.
  "no-inline-style": ["error", { allowedProperties: ["--r", "--c", "--w"] }],
};

export async function markup(files) {
  const validator = new HtmlValidate(new StaticConfigLoader({
    root: true, extends: ["html-validate:recommended"], rules: RULES,
  }));
  const found = {};
  for (const file of files) {
    const { results } = await validator.validateFile(file);
    found[file] = results.flatMap(({ messages }) => messages
      .map(({ ruleId, message, line, column }) => `${line}:${column} ${ruleId}: ${message}`));
  }
  return found;
}
