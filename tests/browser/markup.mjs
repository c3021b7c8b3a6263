// Whether every page is valid HTML.
import { HtmlValidate, StaticConfigLoader, metadataHelper } from "html-validate";

const RULES = {
  // A title is as long as its caption's first line, cut at 60 characters, and the site's name.
  "long-title": "off",
  // What a picture says of itself is a custom property, such as its ratio; nothing else.
  "no-inline-style": ["error", { allowedProperties: ["--r", "--c", "--w", "--h", "--x", "--y"] }],
};

// The HTML standard lets a link of rel="expect" block rendering; the validator is older than that.
const BLOCKING = ["stylesheet", "preload", "modulepreload", "expect"];
const ELEMENTS = ["html5", {
  link: { attributes: {
    blocking: {
      allowed: metadataHelper.allowedIfAttributeHasValue("rel", BLOCKING), list: true, enum: ["render"],
    },
  } },
}];

export async function markup(files) {
  const validator = new HtmlValidate(new StaticConfigLoader({
    root: true, extends: ["html-validate:recommended"], rules: RULES,
    elements: ELEMENTS,
  }));
  const found = {};
  for (const file of files) {
    const { results } = await validator.validateFile(file);
    found[file] = results.flatMap(({ messages }) => messages
      .map(({ ruleId, message, line, column }) => `${line}:${column} ${ruleId}: ${message}`));
  }
  return found;
}
