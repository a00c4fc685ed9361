/** Where the browsers of this machine are, and which of Debian's packages bring them. */
import { existsSync, readdirSync } from "node:fs";

const libraries = existsSync("/usr/lib") ? readdirSync("/usr/lib") : [];

const browsers = {
  chromium: {
    packages: ["chromium"],
    executables: ["/usr/bin/chromium", "/usr/bin/google-chrome"],
  },
  firefox: {
    packages: ["firefox-esr"],
    executables: ["/usr/bin/firefox-esr"],
  },
  webkit: {
    packages: ["webkit2gtk-driver", "xvfb", "xauth"],
    executables: libraries.map((folder) => `/usr/lib/${folder}/webkit2gtk-4.1/MiniBrowser`),
    helpers: ["/usr/bin/WebKitWebDriver", "/usr/bin/xvfb-run"],
  },
};

/** The path of a browser. */
export function executableOf(name) {
  const { packages, executables, helpers = [] } = browsers[name];
  const executable = executables.find((path) => existsSync(path));
  if (executable === undefined || !helpers.every((path) => existsSync(path)))
    throw new Error(`not installed: apt-get install --no-install-recommends ${packages.join(" ")}`);
  return executable;
}

/** Debian's packages of those of `names` that are browsers and not installed. */
export function missingPackages(names) {
  return names
    .filter((name) => Object.hasOwn(browsers, name))
    .flatMap((name) => {
      try {
        executableOf(name);
        return [];
      } catch {
        return browsers[name].packages;
      }
    });
}
