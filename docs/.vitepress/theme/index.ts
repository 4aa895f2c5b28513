import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import { defineAsyncComponent } from "vue";
import "./style.css";

const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    // Only the page that has it loads it.
    app.component(
      "DigitDemo",
      defineAsyncComponent(async () => (await import("./demo/digit-demo.ts")).DigitDemo),
    );
  },
};

export default theme;
