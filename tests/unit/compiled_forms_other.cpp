// SPDX-License-Identifier: BSL-1.0
#include "compiled_forms.hpp"

namespace forms {

compiled<lambda> shared_lambda;
compiled<function> shared_function;
compiled<mlp{4, 2}> shared_mlp;

seen from_the_other_file() {
  return {&detail::frozen_for<lambda>, &lowering::plan_for<mlp{4, 2}>, compiled<lambda>::table()[0].name};
}
float run_in_the_other_file(float a, float b) {
  float const x[2] = {a, b};
  return shared_function.run(x).sum() + shared_lambda.run(x).sum() + shared_mlp.run(x).sum();
}

}  // namespace forms
