// SPDX-License-Identifier: Apache-2.0
//
// The files inside the program: what C calls each, the name that Swift asks for, and its path from this
// folder; where one must begin at a page, HDL_ALIGNMENT says so. HDL_STEP does with each what is to be
// done. One that is absent is left out.

#define HDL_ASSET config_bloom_176b_json
#define HDL_NAME "configs/bloom-176b.json"
#define HDL_PATH "configs/bloom-176b.json"
#include HDL_STEP

#define HDL_ASSET config_deepseek_llm_67b_json
#define HDL_NAME "configs/deepseek-llm-67b.json"
#define HDL_PATH "configs/deepseek-llm-67b.json"
#include HDL_STEP

#define HDL_ASSET config_deepseek_llm_7b_json
#define HDL_NAME "configs/deepseek-llm-7b.json"
#define HDL_PATH "configs/deepseek-llm-7b.json"
#include HDL_STEP

#define HDL_ASSET config_deepseek_moe_16b_json
#define HDL_NAME "configs/deepseek-moe-16b.json"
#define HDL_PATH "configs/deepseek-moe-16b.json"
#include HDL_STEP

#define HDL_ASSET config_deepseek_r1_distill_llama_70b_json
#define HDL_NAME "configs/deepseek-r1-distill-llama-70b.json"
#define HDL_PATH "configs/deepseek-r1-distill-llama-70b.json"
#include HDL_STEP

#define HDL_ASSET config_deepseek_r1_distill_llama_8b_json
#define HDL_NAME "configs/deepseek-r1-distill-llama-8b.json"
#define HDL_PATH "configs/deepseek-r1-distill-llama-8b.json"
#include HDL_STEP

#define HDL_ASSET config_deepseek_r1_distill_qwen_1_5b_json
#define HDL_NAME "configs/deepseek-r1-distill-qwen-1.5b.json"
#define HDL_PATH "configs/deepseek-r1-distill-qwen-1.5b.json"
#include HDL_STEP

#define HDL_ASSET config_deepseek_r1_distill_qwen_14b_json
#define HDL_NAME "configs/deepseek-r1-distill-qwen-14b.json"
#define HDL_PATH "configs/deepseek-r1-distill-qwen-14b.json"
#include HDL_STEP

#define HDL_ASSET config_deepseek_r1_distill_qwen_32b_json
#define HDL_NAME "configs/deepseek-r1-distill-qwen-32b.json"
#define HDL_PATH "configs/deepseek-r1-distill-qwen-32b.json"
#include HDL_STEP

#define HDL_ASSET config_deepseek_r1_distill_qwen_7b_json
#define HDL_NAME "configs/deepseek-r1-distill-qwen-7b.json"
#define HDL_PATH "configs/deepseek-r1-distill-qwen-7b.json"
#include HDL_STEP

#define HDL_ASSET config_deepseek_r1_json
#define HDL_NAME "configs/deepseek-r1.json"
#define HDL_PATH "configs/deepseek-r1.json"
#include HDL_STEP

#define HDL_ASSET config_deepseek_v2_lite_json
#define HDL_NAME "configs/deepseek-v2-lite.json"
#define HDL_PATH "configs/deepseek-v2-lite.json"
#include HDL_STEP

#define HDL_ASSET config_deepseek_v2_json
#define HDL_NAME "configs/deepseek-v2.json"
#define HDL_PATH "configs/deepseek-v2.json"
#include HDL_STEP

#define HDL_ASSET config_deepseek_v3_1_json
#define HDL_NAME "configs/deepseek-v3.1.json"
#define HDL_PATH "configs/deepseek-v3.1.json"
#include HDL_STEP

#define HDL_ASSET config_deepseek_v3_2_json
#define HDL_NAME "configs/deepseek-v3.2.json"
#define HDL_PATH "configs/deepseek-v3.2.json"
#include HDL_STEP

#define HDL_ASSET config_deepseek_v3_json
#define HDL_NAME "configs/deepseek-v3.json"
#define HDL_PATH "configs/deepseek-v3.json"
#include HDL_STEP

#define HDL_ASSET config_deepseek_v4_flash_json
#define HDL_NAME "configs/deepseek-v4-flash.json"
#define HDL_PATH "configs/deepseek-v4-flash.json"
#include HDL_STEP

#define HDL_ASSET config_deepseek_v4_pro_json
#define HDL_NAME "configs/deepseek-v4-pro.json"
#define HDL_PATH "configs/deepseek-v4-pro.json"
#include HDL_STEP

#define HDL_ASSET config_gpt_3_175b_json
#define HDL_NAME "configs/gpt-3-175b.json"
#define HDL_PATH "configs/gpt-3-175b.json"
#include HDL_STEP

#define HDL_ASSET config_gpt2_xl_json
#define HDL_NAME "configs/gpt2-xl.json"
#define HDL_PATH "configs/gpt2-xl.json"
#include HDL_STEP

#define HDL_ASSET config_gpt2_json
#define HDL_NAME "configs/gpt2.json"
#define HDL_PATH "configs/gpt2.json"
#include HDL_STEP

#define HDL_ASSET config_llama_2_13b_json
#define HDL_NAME "configs/llama-2-13b.json"
#define HDL_PATH "configs/llama-2-13b.json"
#include HDL_STEP

#define HDL_ASSET config_llama_2_70b_json
#define HDL_NAME "configs/llama-2-70b.json"
#define HDL_PATH "configs/llama-2-70b.json"
#include HDL_STEP

#define HDL_ASSET config_llama_2_7b_json
#define HDL_NAME "configs/llama-2-7b.json"
#define HDL_PATH "configs/llama-2-7b.json"
#include HDL_STEP

#define HDL_ASSET config_llama_3_1_405b_json
#define HDL_NAME "configs/llama-3.1-405b.json"
#define HDL_PATH "configs/llama-3.1-405b.json"
#include HDL_STEP

#define HDL_ASSET config_llama_3_1_70b_json
#define HDL_NAME "configs/llama-3.1-70b.json"
#define HDL_PATH "configs/llama-3.1-70b.json"
#include HDL_STEP

#define HDL_ASSET config_llama_3_1_8b_json
#define HDL_NAME "configs/llama-3.1-8b.json"
#define HDL_PATH "configs/llama-3.1-8b.json"
#include HDL_STEP

#define HDL_ASSET config_nanochat_d20_json
#define HDL_NAME "configs/nanochat-d20.json"
#define HDL_PATH "configs/nanochat-d20.json"
#include HDL_STEP

#define HDL_ASSET config_nanochat_d24_json
#define HDL_NAME "configs/nanochat-d24.json"
#define HDL_PATH "configs/nanochat-d24.json"
#include HDL_STEP

#define HDL_ASSET config_olmo_3_32b_json
#define HDL_NAME "configs/olmo-3-32b.json"
#define HDL_PATH "configs/olmo-3-32b.json"
#include HDL_STEP

#define HDL_ASSET config_olmo_3_7b_json
#define HDL_NAME "configs/olmo-3-7b.json"
#define HDL_PATH "configs/olmo-3-7b.json"
#include HDL_STEP

#define HDL_ASSET config_qwen2_5_0_5b_json
#define HDL_NAME "configs/qwen2.5-0.5b.json"
#define HDL_PATH "configs/qwen2.5-0.5b.json"
#include HDL_STEP

#define HDL_ASSET config_qwen2_5_72b_json
#define HDL_NAME "configs/qwen2.5-72b.json"
#define HDL_PATH "configs/qwen2.5-72b.json"
#include HDL_STEP

#define HDL_ASSET config_qwen3_0_6b_json
#define HDL_NAME "configs/qwen3-0.6b.json"
#define HDL_PATH "configs/qwen3-0.6b.json"
#include HDL_STEP

#define HDL_ASSET config_qwen3_30b_a3b_json
#define HDL_NAME "configs/qwen3-30b-a3b.json"
#define HDL_PATH "configs/qwen3-30b-a3b.json"
#include HDL_STEP

#define HDL_ASSET config_smollm3_3b_json
#define HDL_NAME "configs/smollm3-3b.json"
#define HDL_PATH "configs/smollm3-3b.json"
#include HDL_STEP

#define HDL_ASSET config_stories15m_json
#define HDL_NAME "configs/stories15m.json"
#define HDL_PATH "configs/stories15m.json"
#include HDL_STEP

#define HDL_ASSET config_stories260k_json
#define HDL_NAME "configs/stories260k.json"
#define HDL_PATH "configs/stories260k.json"
#include HDL_STEP

#define HDL_ASSET nano_chat_template_jinja
#define HDL_NAME "nano/chat_template.jinja"
#define HDL_PATH "nano/chat_template.jinja"
#include HDL_STEP

#define HDL_ASSET nano_config_json
#define HDL_NAME "nano/config.json"
#define HDL_PATH "nano/config.json"
#include HDL_STEP

#define HDL_ASSET nano_generation_config_json
#define HDL_NAME "nano/generation_config.json"
#define HDL_PATH "nano/generation_config.json"
#include HDL_STEP

#define HDL_ASSET nano_model_safetensors
#define HDL_NAME "nano/model.safetensors"
#define HDL_PATH "nano/model.safetensors"
#define HDL_ALIGNMENT 4096
#include HDL_STEP

#define HDL_ASSET nano_tokenizer_json
#define HDL_NAME "nano/tokenizer.json"
#define HDL_PATH "nano/tokenizer.json"
#include HDL_STEP

#define HDL_ASSET nano_tokenizer_config_json
#define HDL_NAME "nano/tokenizer_config.json"
#define HDL_PATH "nano/tokenizer_config.json"
#include HDL_STEP

#define HDL_ASSET recipe_conversations_yaml
#define HDL_NAME "recipe/conversations.yaml"
#define HDL_PATH "../../Recipes/nano/conversations.yaml"
#include HDL_STEP

#define HDL_ASSET recipe_label_json
#define HDL_NAME "recipe/label.json"
#define HDL_PATH "../../Recipes/nano/label.json"
#include HDL_STEP

#define HDL_ASSET recipe_evaluation_beyond_jsonl
#define HDL_NAME "recipe/evaluation/beyond.jsonl"
#define HDL_PATH "../../Recipes/nano/evaluation/beyond.jsonl"
#include HDL_STEP

#define HDL_ASSET recipe_evaluation_identity_jsonl
#define HDL_NAME "recipe/evaluation/identity.jsonl"
#define HDL_PATH "../../Recipes/nano/evaluation/identity.jsonl"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_beyond_phrases
#define HDL_NAME "recipe/phrases/beyond.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/beyond.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_identity_ar_phrases
#define HDL_NAME "recipe/phrases/identity-ar.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/identity-ar.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_identity_en_phrases
#define HDL_NAME "recipe/phrases/identity-en.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/identity-en.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_identity_es_phrases
#define HDL_NAME "recipe/phrases/identity-es.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/identity-es.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_identity_hi_phrases
#define HDL_NAME "recipe/phrases/identity-hi.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/identity-hi.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_identity_other_phrases
#define HDL_NAME "recipe/phrases/identity-other.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/identity-other.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_identity_zh_phrases
#define HDL_NAME "recipe/phrases/identity-zh.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/identity-zh.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_limits_phrases
#define HDL_NAME "recipe/phrases/limits.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/limits.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_problems_phrases
#define HDL_NAME "recipe/phrases/problems.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/problems.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_sums_phrases
#define HDL_NAME "recipe/phrases/sums.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/sums.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_system_phrases
#define HDL_NAME "recipe/phrases/system.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/system.phrases"
#include HDL_STEP

#define HDL_ASSET plan_index_html
#define HDL_NAME "plan/index.html"
#define HDL_PATH "plan/index.html"
#include HDL_STEP

#define HDL_ASSET plan_plan_css
#define HDL_NAME "plan/plan.css"
#define HDL_PATH "plan/plan.css"
#include HDL_STEP

#define HDL_ASSET plan_plan_js
#define HDL_NAME "plan/plan.js"
#define HDL_PATH "plan/plan.js"
#include HDL_STEP
